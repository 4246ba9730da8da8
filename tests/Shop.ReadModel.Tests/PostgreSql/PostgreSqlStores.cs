using Npgsql;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>One database for the tests of a class, which run one after another; each finds it empty.</summary>
public sealed class PostgreSqlStores : IOrderStores, IAsyncDisposable
{
    private NpgsqlDataSource? _dataSource;

    internal NpgsqlDataSource DataSource => _dataSource!;

    public async Task<OrderStore> CreateAsync()
    {
        if (_dataSource is null)
        {
            var server = await PostgresServer.GetAsync();
            _dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        }

        await ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        var copies = new PostgreSqlCopies(
            _dataSource, new() { CopiesLifetime = TimeSpan.FromMilliseconds(100) }, TimeProvider.System);
        var index = new PostgreSqlOrderIndex(_dataSource, copies);
        await index.EnsureCreatedAsync(default);
        return new(
            index,
            new PostgreSqlOrderSearch(_dataSource),
            () => Task.CompletedTask,
            new PostgreSqlRebuild(_dataSource, copies));
    }

    /// <summary>What a person does with psql.</summary>
    public async Task ExecuteAsync(string sql)
    {
        await using var command = _dataSource!.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = _dataSource!.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_dataSource is { } dataSource)
            await dataSource.DisposeAsync();
    }
}
