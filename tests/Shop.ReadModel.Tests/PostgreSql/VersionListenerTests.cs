using Microsoft.Extensions.Time.Testing;
using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class VersionListenerTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private static readonly CallerScope All = CallerScope.Everything;
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [SkippableFact]
    public async Task A_written_version_is_notified_and_ends_the_wait_for_it_without_a_query()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        // The clock stands still, so that no check repeats.
        var awaiter = new VersionAwaiter(store.Search, new FakeTimeProvider());
        using var listener = Listener(awaiter);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsListening), "the listener listens");
        var wait = awaiter.WaitAsync([new(order.Id, 1)], All, Long, default);

        await store.ApplyAsync(order);

        Assert.Empty(await wait.WaitAsync(Long));
        await listener.StopAsync(default);
    }

    [SkippableFact]
    public async Task A_batch_that_is_too_large_to_name_its_versions_ends_the_waits_for_them()
    {
        var store = await stores.CreateAsync();
        var awaiter = new VersionAwaiter(store.Search, TimeProvider.System);
        using var listener = Listener(awaiter);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsListening), "the listener listens");
        OrderDocument[] batch = [.. Enumerable.Range(0, 250).Select(_ => Orders.New())];
        var waits = batch.Select(order => awaiter.WaitAsync([new(order.Id, 1)], All, Long, default)).ToArray();

        await store.Index.ApplyAsync(batch, default);

        Assert.All(await Task.WhenAll(waits), Assert.Empty);
        await listener.StopAsync(default);
    }

    [SkippableFact]
    public async Task A_listener_whose_connection_was_terminated_listens_again()
    {
        var store = await stores.CreateAsync();
        var awaiter = new VersionAwaiter(store.Search, TimeProvider.System);
        using var listener = Listener(awaiter);
        await listener.StartAsync(default);
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsListening), "the listener listens");

        await using var cut = stores.DataSource.CreateCommand("""
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);
        await cut.ExecuteNonQueryAsync();

        await Eventually.HoldsAsync(() => Task.FromResult(!awaiter.IsListening), "the listener noticed");
        await Eventually.HoldsAsync(() => Task.FromResult(awaiter.IsListening), "the listener listens again");
        var order = Orders.New();
        var wait = awaiter.WaitAsync([new(order.Id, 1)], All, Long, default);
        await store.ApplyAsync(order);
        Assert.Empty(await wait);
        await listener.StopAsync(default);
    }

    private VersionListener Listener(VersionAwaiter awaiter) => new(
        stores.DataSource, awaiter, Loops.Services);
}
