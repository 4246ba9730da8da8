using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>A user that may only read, as the read API's can be.</summary>
public sealed class ReaderRoleTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    [SkippableFact]
    public async Task A_role_with_the_right_to_read_serves_searches_and_waits_and_creates_nothing()
    {
        var store = await stores.CreateAsync();
        await using var reader = await CreateReaderAsync();
        var search = new PostgreSqlOrderSearch(reader, new());
        var awaiter = new VersionAwaiter(search, TimeProvider.System);
        using var listener = new VersionListener(reader, awaiter, Loops.Services);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsListening), "the reader listens");
        var order = Orders.New();
        var wait = awaiter.WaitAsync([new(order.Id, 1)], CallerScope.Everything, TimeSpan.FromSeconds(30), default);

        await store.ApplyAsync(order);

        Assert.Empty(await wait);
        Assert.Single((await search.SearchAsync(Orders.All, default)).Orders);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(reader)).Status);
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(
            () => PostgreSqlErrors.Guarded(new PostgreSqlSchema(reader).EnsureCreatedAsync(default)));
        await listener.StopAsync(default);
    }

    [SkippableFact]
    public async Task Readiness_says_what_is_missing_and_tolerates_another_versions_tables()
    {
        await stores.CreateAsync();
        await using var reader = await CreateReaderAsync();
        await stores.ExecuteAsync("COMMENT ON TABLE order_summaries IS 'shop:0123456789abcdef'");
        var outdated = await CheckAsync(reader);
        Assert.Equal(HealthStatus.Degraded, outdated.Status);
        Assert.Contains("another version", outdated.Description, StringComparison.Ordinal);

        await stores.ExecuteAsync("DROP TABLE order_summaries");

        var missing = await CheckAsync(reader);
        Assert.Equal(HealthStatus.Unhealthy, missing.Status);
        Assert.Contains("order_summaries does not exist", missing.Description, StringComparison.Ordinal);
    }

    private static Task<HealthCheckResult> CheckAsync(NpgsqlDataSource source)
    {
        var check = new ReadStoreHealthCheck(new PostgreSqlSchema(source), new PostgreSqlOrderSearch(source, new()));
        return check.CheckHealthAsync(new()
        {
            Registration = new("read-store", check, HealthStatus.Unhealthy, tags: null),
        });
    }

    private async Task<NpgsqlDataSource> CreateReaderAsync()
    {
        var role = $"reader_{Guid.CreateVersion7():N}";
        await stores.ExecuteAsync($"""
            CREATE ROLE {role} LOGIN PASSWORD 'reads';
            GRANT USAGE ON SCHEMA public TO {role};
            GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}
            """);
        var connection = new NpgsqlConnectionStringBuilder(stores.ConnectionString)
        {
            Username = role,
            Password = "reads",
        };
        return NpgsqlDataSource.Create(connection.ConnectionString);
    }
}
