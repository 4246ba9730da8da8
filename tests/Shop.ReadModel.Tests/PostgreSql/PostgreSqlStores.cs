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

        await using var empty = _dataSource.CreateCommand("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        await empty.ExecuteNonQueryAsync();
        var index = new PostgreSqlOrderIndex(_dataSource);
        await index.EnsureCreatedAsync(default);
        return new(
            index,
            new PostgreSqlOrderSearch(_dataSource),
            () => Task.CompletedTask,
            new PostgreSqlRebuild(_dataSource));
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is { } dataSource)
            await dataSource.DisposeAsync();
    }
}
