using System.Diagnostics;
using Shop.Contracts;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;
using StackExchange.Redis;

namespace Shop.ReadModel.Tests.Redis;

public sealed class RedisCacheTests(RedisStores stores) : IClassFixture<RedisStores>
{
    [SkippableFact]
    public async Task Documents_by_id_are_served_without_the_store()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, store, order);

        var reads = inner.ReadsOf(order.Id);
        Assert.Equivalent(order, await store.GetAsync(order.Id), strict: true);
        Assert.Equal(reads, inner.ReadsOf(order.Id));
    }

    [SkippableFact]
    public async Task A_server_with_a_password_serves_those_who_have_it_and_refuses_others()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync("correct-horse-battery");
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, store, order);

        var refused = await Assert.ThrowsAsync<RedisConnectionException>(
            () => ConnectionMultiplexer.ConnectAsync($"{redis.Address},connectRetry=0"));

        Assert.Equal(ConnectionFailureType.AuthenticationFailure, refused.FailureType);
        Assert.DoesNotContain(
            Directory.GetDirectories("/proc").Select(CommandLine),
            line => line.Contains("correct-horse-battery", StringComparison.Ordinal));

        static string CommandLine(string process)
        {
            var file = Path.Combine(process, "cmdline");
            try
            {
                return File.Exists(file) ? File.ReadAllText(file) : "";
            }
            catch (IOException)
            {
                return ""; // It has ended.
            }
        }
    }

    [SkippableFact]
    public async Task An_older_version_than_asked_for_is_not_served()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, store, order);
        inner.Put(order.At(version: 2));

        Assert.Equal(1, (await store.GetAsync(order.Id))!.Version);
        var newer = await store.Search.GetAsync(order.Id, CallerScope.Everything, minVersion: 2, default);
        Assert.Equal(2, newer!.Version);
    }

    [SkippableFact]
    public async Task An_older_version_that_arrives_late_does_not_replace_a_newer_one()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, store, order.At(version: 2));

        stores.Writer.Store([SerializedOrder.From(order)]);
        await CacheAsync(inner, store, Orders.New()); // Redis processes the commands in order.

        var reads = inner.ReadsOf(order.Id);
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
        Assert.Equal(reads, inner.ReadsOf(order.Id));
    }

    [SkippableFact]
    public async Task A_document_is_not_cached_while_the_store_writes_it()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, store, order);
        inner.BeforeWrite = () => Eventually.HoldsAsync(
            async () => !await IsCachedAsync(inner, store, order.Id), "the old version is not cached");

        await store.ApplyAsync(order.At(version: 2));

        await Eventually.HoldsAsync(() => IsCachedAsync(inner, store, order.Id), "the new version is cached");
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
    }

    [SkippableFact]
    public async Task A_version_that_Redis_missed_while_it_was_down_is_served()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString, new());
        var order = Orders.New();
        await CacheAsync(inner, store, order);

        await redis.StopAsync(); // It saves the first version, and starts with it.
        await store.ApplyAsync(order.At(version: 2));
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
        await redis.StartAsync();

        await StaysAsync(store, order.Id, version: 2);
    }

    [SkippableFact]
    public async Task A_suspended_Redis_delays_no_write_and_serves_nothing_old_afterwards()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString, new());
        var order = Orders.New();
        await CacheAsync(inner, store, order);

        await redis.SuspendAsync();
        var watch = Stopwatch.StartNew();
        for (var version = 2; version <= 200; version++)
            await store.ApplyAsync(order.At(version));
        var written = watch.Elapsed;
        // The first read notices that Redis is late. This process has read a version before that, and gets no older one.
        Assert.Equal(200, (await store.Search.GetAsync(order.Id, CallerScope.Everything, minVersion: 200, default))!.Version);
        for (var read = 0; read < 200; read++)
            Assert.Equal(200, (await store.GetAsync(order.Id))!.Version);
        var readAll = watch.Elapsed - written;
        await redis.ResumeAsync();

        // If each waited for Redis, 200 writes or reads would take 20 s.
        Assert.InRange(written, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.InRange(readAll, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await StaysAsync(store, order.Id, version: 200);
        await CacheAsync(inner, store, order.At(version: 201));
    }

    [SkippableFact]
    public async Task After_a_cutover_no_document_of_the_old_shape_is_served()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 1, "old shape"));
        await store.Generations!.CreateShadowAsync(default);
        await store.Generations.Shadow.ApplyAsync([order.At(version: 1, "new shape")], default);
        Assert.Equal("old shape", (await store.GetAsync(order.Id))!.Note);

        await store.Generations.CutOverAsync(default);

        await Eventually.HoldsAsync(
            async () => (await store.GetAsync(order.Id))!.Note == "new shape", "the new shape is served");
        await store.ApplyAsync(order.At(version: 2));
        await Eventually.HoldsAsync(
            async () => (await store.GetAsync(order.Id))!.Version == 2, "the next version is served");
    }

    [SkippableFact]
    public async Task Two_writers_agree_on_an_epoch()
    {
        var inner = new MemoryStore();
        await using var redis = await LocalRedis.CreateAsync();
        var first = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        var order = Orders.New();
        await CacheAsync(inner, first, order);
        var second = await stores.CreateAsync(inner.Store, redis.ConnectionString);
        await CacheAsync(inner, second, order.At(version: 2));

        await first.ApplyAsync(order.At(version: 3));

        await Eventually.HoldsAsync(
            async () => (await second.GetAsync(order.Id))!.Version == 3, "the version of the other writer is gone");
        await CacheAsync(inner, first, order.At(version: 4));
        Assert.Equal(4, (await second.GetAsync(order.Id))!.Version);
    }

    [SkippableFact]
    public async Task Stopped_flushed_and_restarted_under_load_no_read_fails_or_is_stale()
    {
        await using var redis = await LocalRedis.CreateAsync();
        var inner = new MemoryStore();
        var store = await stores.CreateAsync(inner.Store, redis.ConnectionString, new());
        OrderDocument[] orders = [.. Enumerable.Range(0, 20).Select(_ => Orders.New())];
        var committed = new long[orders.Length];
        using var stop = new CancellationTokenSource();
        var load = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync), Task.Run(ReadAsync));

        await CacheAsync(inner, store, Orders.New());
        await FlushAsync(redis.ConnectionString);
        await CacheAsync(inner, store, Orders.New());
        await redis.StopAsync();
        await Eventually.HoldsAsync(
            async () => !await IsCachedAsync(inner, store, orders[0].Id), "Redis is not used");
        await redis.StartAsync();
        await CacheAsync(inner, store, Orders.New());
        await stop.CancelAsync();
        await load;

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
                var found = await store.Search.GetAsync(orders[i].Id, CallerScope.Everything, known, default);
                Assert.True((found?.Version ?? 0) >= known, $"{found?.Version} is older than {known}.");
                await Task.Yield();
            }
        }
    }

    /// <summary>Writes a document until Redis serves it.</summary>
    private static Task CacheAsync(MemoryStore inner, OrderStore store, OrderDocument order) => Eventually.HoldsAsync(
        async () =>
        {
            // A write before the first epoch is not cached, and a read may be quicker than the cache.
            await store.ApplyAsync(order);
            for (var attempt = 0; attempt < 20 && !await IsCachedAsync(inner, store, order.Id); attempt++)
                await Task.Delay(10);
            return await IsCachedAsync(inner, store, order.Id);
        },
        "the document is cached");

    private static async Task<bool> IsCachedAsync(MemoryStore inner, OrderStore store, Guid id)
    {
        var reads = inner.ReadsOf(id);
        await store.GetAsync(id);
        return inner.ReadsOf(id) == reads;
    }

    /// <summary>Reads for longer than Redis is paused after a failure.</summary>
    private static async Task StaysAsync(OrderStore store, Guid id, long version)
    {
        using var until = new CancellationTokenSource(TimeSpan.FromSeconds(4));
        while (!until.IsCancellationRequested)
        {
            Assert.Equal(version, (await store.GetAsync(id))!.Version);
            await Task.Delay(20);
        }
    }

    private static async Task FlushAsync(string connectionString)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{connectionString},allowAdmin=true");
        await connection.GetServers()[0].FlushAllDatabasesAsync();
    }
}
