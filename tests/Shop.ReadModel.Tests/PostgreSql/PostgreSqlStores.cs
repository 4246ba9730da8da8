using Npgsql;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>One database for the tests of a class, which run one after another; each finds it empty.</summary>
public sealed class PostgreSqlStores : IOrderStores, IAsyncDisposable
{
    private NpgsqlDataSource? _dataSource;

    public async Task<OrderStore> CreateAsync()
    {
        if (_dataSource is null)
        {
            var server = await PostgresServer.GetAsync();
            _dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        }

        var index = new PostgreSqlOrderIndex(_dataSource);
        await index.EnsureCreatedAsync(default);
        await using var empty = _dataSource.CreateCommand("TRUNCATE order_summaries, order_documents, order_freshness");
        await empty.ExecuteNonQueryAsync();
        return new(index, new PostgreSqlOrderSearch(_dataSource), () => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is { } dataSource)
            await dataSource.DisposeAsync();
    }
}
