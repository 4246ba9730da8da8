using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.PostgreSql.Names;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Statistics;
using Shop.ReadModel.PostgreSql.Streaming;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>One database for the tests of a class, which run one after another; each finds it empty.</summary>
public sealed class PostgreSqlStores : IOrderStores, IAsyncDisposable
{
    private NpgsqlDataSource? _dataSource;

    /// <summary>Statistics of a few hundred orders take several slices.</summary>
    internal PostgreSqlOptions Options { get; } =
        new() { GenerationsLifetime = TimeSpan.FromMilliseconds(100), StatisticsBlocks = 4 };

    internal FacetOptions Facets { get; } = new();

    internal PostgreSqlSchema Schema { get; private set; } = null!;

    internal string ConnectionString { get; private set; } = "";

    internal NpgsqlDataSource DataSource => _dataSource!;

    public async Task<OrderStore> CreateAsync()
    {
        if (_dataSource is null)
        {
            var server = await PostgresServer.GetAsync();
            ConnectionString = await server.CreateDatabaseAsync();
            _dataSource = NpgsqlDataSource.Create(ConnectionString);
        }

        await ExecuteAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        var generations = new PostgreSqlGenerations(_dataSource, Options, TimeProvider.System);
        Schema = new(_dataSource);
        var index = new PostgreSqlOrderIndex(
            _dataSource,
            Schema,
            new(generations, Options.DualWrite, TimeProvider.System, NullLogger<DualWriter>.Instance));
        await index.EnsureCreatedAsync(default);
        return new(
            index,
            new PostgreSqlOrderSearch(_dataSource, Facets),
            () => Task.CompletedTask,
            generations,
            new PostgreSqlOrderStatistics(_dataSource, Options, TimeProvider.System),
            new PostgreSqlNameIndex(_dataSource),
            new PostgreSqlNameSearch(_dataSource),
            new PostgreSqlOrderExport(_dataSource));
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
