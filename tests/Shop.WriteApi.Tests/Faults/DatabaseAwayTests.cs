using System.Diagnostics;
using System.Net;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Faults;

public sealed class DatabaseAwayTests
{
    [Fact]
    public async Task During_an_outage_of_the_database_commands_are_503_and_afterwards_they_succeed()
    {
        await using var server = await LocalPostgres.CreateAsync();
        await using var api = await WriteApi.StartAsync(server.ConnectionString);
        var order = Given.Order(await api.CustomerAsync());
        var key = ("Idempotency-Key", "over-the-outage");
        await server.KillAsync();

        var watch = Stopwatch.StartNew();
        var refused = await api.PostAsync("/orders", order, key);
        Assert.Equal("server.unavailable", await refused.ReadCodeAsync(HttpStatusCode.ServiceUnavailable));
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
        foreach (var path in (string[])["/products", "/internal/orders/states", "/internal/orders/versions"])
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.Client.GetAsync(path)).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await api.Client.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.Client.GetAsync("/health/live")).StatusCode);

        await server.StartAsync();
        await Eventually.HoldsAsync(
            async () => (await api.PostAsync("/orders", order, key)).StatusCode == HttpStatusCode.Created,
            "The same request is accepted once the database is back");
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from orders"));
    }

    [Fact]
    public async Task A_service_that_starts_before_its_database_becomes_ready_later()
    {
        await using var server = await LocalPostgres.CreateAsync();
        await server.KillAsync();
        var starting = WriteApi.StartAsync(server.ConnectionString);
        await server.StartAsync();
        await using var api = await starting;
        Assert.Equal(206, await api.QueryAsync<long>("select count(*) from products"));
    }
}
