using System.Diagnostics;
using System.Net;
using Npgsql;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Faults;

/// <summary>Commands that wait for a row that another connection has locked.</summary>
public sealed class RequestTimeTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Waiting = """
        select count(*) from pg_stat_activity
        where datname = current_database() and application_name = 'shop-write' and state = 'active'
        """;

    [Fact]
    public async Task A_request_that_takes_too_long_is_503_and_its_statement_is_cancelled()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        await using var connection = await api.Database.OpenConnectionAsync();
        await using var transaction = await LockAsync(connection, id);

        var watch = Stopwatch.StartNew();
        var response = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("Idempotency-Key", "too-long"));

        Assert.Equal("server.unavailable", await response.ReadCodeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
        Assert.InRange(watch.Elapsed.TotalSeconds, 14, 30);
        await NothingWaitsAsync(api);
        await transaction.RollbackAsync();
        await UntouchedAsync(api, id);
        var again = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("Idempotency-Key", "too-long"));
        Assert.Equal(2, (await again.ReadAsync(HttpStatusCode.OK)).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task The_statement_of_an_aborted_request_is_cancelled()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        await using var connection = await api.Database.OpenConnectionAsync();
        await using var transaction = await LockAsync(connection, id);
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/orders/{id}/cancel");
        var sent = api.Client.SendAsync(request, leave.Token);
        await Eventually.HoldsAsync(async () => await api.QueryAsync<long>(Waiting) == 1, "The command waits");

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sent);

        await NothingWaitsAsync(api);
        await transaction.RollbackAsync();
        await UntouchedAsync(api, id);
    }

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, Guid id)
    {
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand($"select from orders where id = '{id}' for update", connection);
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    // The lock is still held, so the statement ends only if it is cancelled.
    private static Task NothingWaitsAsync(WriteApi api) => Eventually.HoldsAsync(
        async () => await api.QueryAsync<long>(Waiting) == 0, "No statement of the service runs");

    private static async Task UntouchedAsync(WriteApi api, Guid id) =>
        Assert.Equal(1, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
}
