using Microsoft.Extensions.Logging.Abstractions;
using Shop.ReadModel.Redis;
using Shop.ReadModel.Tests.Contract;
using Shop.ReadModel.Tests.PostgreSql;
using Shop.Testing;
using StackExchange.Redis;

namespace Shop.ReadModel.Tests.Redis;

/// <summary>PostgreSQL with Redis before it.</summary>
public sealed class RedisStores : IOrderStores, IAsyncDisposable
{
    /// <summary>Where Redis is there, it is waited for: a loaded machine is no outage.</summary>
    private static readonly RedisOptions Patient = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly PostgreSqlStores _stores = new();
    private readonly List<IConnectionMultiplexer> _connections = [];

    public async Task<OrderStore> CreateAsync() =>
        await CreateAsync(await _stores.CreateAsync(), await RedisServer.GetConnectionStringAsync());

    internal async Task<OrderStore> CreateAsync(
        OrderStore store, string connectionString, RedisOptions? options = null)
    {
        // Two connections, as a projector and a read API have them.
        var (writing, reading) = (await ConnectAsync(connectionString), await ConnectAsync(connectionString));
        options ??= Patient;
        var writer = new RedisWriter(writing, options, TimeProvider.System, NullLogger<RedisWriter>.Instance);
        var reader = new RedisDocuments(reading, options, TimeProvider.System, NullLogger<RedisDocuments>.Instance);
        return store with
        {
            Index = new RedisOrderIndex(store.Index, writer),
            Search = new RedisOrderSearch(store.Search, reader),
        };
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();

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
