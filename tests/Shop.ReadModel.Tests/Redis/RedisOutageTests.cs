using Shop.Contracts;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;
using StackExchange.Redis;

namespace Shop.ReadModel.Tests.Redis;

public sealed class RedisOutageTests(RedisStores stores) : IClassFixture<RedisStores>
{
    [SkippableFact]
    public async Task Documents_by_id_are_served_without_the_store()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await store.ApplyAsync(order);

        Assert.Equivalent(order, await store.GetAsync(order.Id), strict: true);
        Assert.Equal(0, inner.Reads);
    }

    [SkippableFact]
    public async Task An_older_version_than_asked_for_is_not_served()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await store.ApplyAsync(order);
        inner.Put(order.At(version: 2));

        Assert.Equal(1, (await store.GetAsync(order.Id))!.Version);
        Assert.Equal(2, (await store.Search.GetAsync(order.Id, minVersion: 2, default))!.Version);
    }

    [SkippableFact]
    public async Task While_a_version_is_on_its_way_the_store_answers()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await store.ApplyAsync(order);
        inner.BeforeWrite = async () => Assert.Equal(1, (await store.GetAsync(order.Id))!.Version);

        await store.ApplyAsync(order.At(version: 2));

        Assert.Equal(1, inner.Reads);
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
    }

    [SkippableFact]
    public async Task What_Redis_missed_while_it_was_away_is_never_served()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString, new());
        var order = Orders.New();
        await store.ApplyAsync(order);
        Assert.Equal(1, (await store.GetAsync(order.Id))!.Version);

        await redis.StopAsync(); // It saves the first version, and comes back with it.
        await store.ApplyAsync(order.At(version: 2));
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
        await redis.StartAsync();

        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        while (!until.IsCancellationRequested)
        {
            Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
            await Task.Delay(20);
        }
    }

    [SkippableFact]
    public async Task Stopped_flushed_and_restarted_under_load_no_read_fails_or_is_stale()
    {
        await using var redis = await LocalRedis.CreateAsync();
        var plain = new MemoryStore();
        var store = await stores.CreateAsync(plain.Store, redis.ConnectionString, new());
        OrderDocument[] orders = [.. Enumerable.Range(0, 20).Select(_ => Orders.New())];
        var committed = new long[orders.Length];
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync), Task.Run(ReadAsync));

        await Task.Delay(500);
        await FlushAsync(redis.ConnectionString);
        await Task.Delay(500);
        await redis.StopAsync();
        await Task.Delay(1_500);
        await redis.StartAsync();
        await Eventually.HoldsAsync(ServesAgainAsync, "Redis serves again");
        await stop.CancelAsync();
        await load;

        async Task<bool> ServesAgainAsync()
        {
            var reads = plain.Reads;
            await Task.Delay(300);
            return plain.Reads - reads < 200;
        }

        async Task WriteAsync()
        {
            for (var version = 1; !stop.IsCancellationRequested; version++)
            {
                var batch = orders.Select(order => order.At(version)).ToList();
                await store.Index.ApplyAsync(batch, default);
                for (var i = 0; i < committed.Length; i++)
                    Volatile.Write(ref committed[i], version);

                await Task.Delay(50);
            }
        }

        async Task ReadAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var i = Random.Shared.Next(orders.Length);
                var known = Volatile.Read(ref committed[i]);
                var found = await store.Search.GetAsync(orders[i].Id, known, default);
                Assert.True((found?.Version ?? 0) >= known, $"{found?.Version} is older than {known}.");
                await Task.Yield();
            }
        }
    }

    private static async Task FlushAsync(string connectionString)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }
}
