using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class VersionListenerTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(250)]
    public async Task A_write_ends_the_waits_for_what_it_wrote(int orders)
    {
        var store = await stores.CreateAsync();
        // The clock stands still: nothing is polled for.
        var awaiter = new VersionAwaiter(store.Search, new FakeTimeProvider());
        using var listener = Listener(awaiter);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsTold), "the listener listens");
        OrderDocument[] batch = [.. Enumerable.Range(0, orders).Select(_ => Orders.New())];
        var waits = batch.Select(order => awaiter.WaitAsync([new(order.Id, 1)], Long, default)).ToArray();

        await store.Index.ApplyAsync(batch, default);

        Assert.All(await Task.WhenAll(waits).WaitAsync(Long), Assert.Empty);
        await listener.StopAsync(default);
    }

    [SkippableFact]
    public async Task A_cut_connection_is_followed_by_another()
    {
        var store = await stores.CreateAsync();
        var awaiter = new VersionAwaiter(store.Search, TimeProvider.System);
        using var listener = Listener(awaiter);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsTold), "the listener listens");

        await using var cut = stores.DataSource.CreateCommand("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);
        await cut.ExecuteNonQueryAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(!awaiter.IsTold), "the listener has noticed");
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsTold), "the listener listens again");
        await listener.StopAsync(default);
    }

    private VersionListener Listener(VersionAwaiter awaiter) => new(
        stores.DataSource, awaiter, TimeProvider.System, NullLogger<VersionListener>.Instance);
}
