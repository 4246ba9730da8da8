using Microsoft.Extensions.Logging.Abstractions;
using Shop.ReadModel.Redis;
using Shop.ReadModel.Tests.Contract;
using Shop.ReadModel.Tests.PostgreSql;
using Shop.Testing;
using StackExchange.Redis;

namespace Shop.ReadModel.Tests.Redis;

/// <summary>PostgreSQL with Redis in front of it.</summary>
public sealed class RedisStores : IOrderStores, IAsyncDisposable
{
    /// <summary>A loaded machine is no outage.</summary>
    private static readonly RedisOptions Patient = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly PostgreSqlStores _stores = new();
    private readonly List<IConnectionMultiplexer> _connections = [];
    private readonly List<IDisposable> _disposables = [];

    // Each test class has its own Redis, because every writer starts a new epoch in it.
    private readonly Lazy<Task<LocalRedis>> _redis = new(() => LocalRedis.CreateAsync());

    /// <summary>The one of the store that was created last.</summary>
    internal RedisWriter Writer { get; private set; } = null!;

    public async Task<OrderStore> CreateAsync() =>
        await CreateAsync(await _stores.CreateAsync(), (await _redis.Value).ConnectionString);

    internal async Task<OrderStore> CreateAsync(
        OrderStore store, string connectionString, RedisOptions? options = null)
    {
        // Two connections, as a projector and a read API have them.
        var (writing, reading) = (await ConnectAsync(connectionString), await ConnectAsync(connectionString));
        options ??= Patient;
        Writer = new RedisWriter(writing, options, TimeProvider.System, NullLogger<RedisWriter>.Instance);
        _disposables.Add(Writer);
        var search = new RedisOrderSearch(
            store.Search, reading, options, TimeProvider.System, NullLogger<RedisOrderSearch>.Instance);
        _disposables.Add(search);
        return store with
        {
            Index = new RedisOrderIndex(store.Index, Writer),
            Search = search,
            Generations = store.Generations is { } generations ? new RedisGenerations(generations, Writer) : null,
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var disposable in _disposables)
            disposable.Dispose();
        foreach (var connection in _connections)
            await connection.DisposeAsync();

        if (_redis.IsValueCreated)
            await (await _redis.Value).DisposeAsync();
        await _stores.DisposeAsync();
    }

    private async Task<IConnectionMultiplexer> ConnectAsync(string connectionString)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        RedisExtensions.Configure(options);
        options.AllowAdmin = true;
        options.ConnectTimeout = options.AsyncTimeout = 30_000;
        var connection = await ConnectionMultiplexer.ConnectAsync(options);
        _connections.Add(connection);
        return connection;
    }
}
