using Npgsql;
using Shop.ReadModel.PostgreSql;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class PostgreSqlStores : IOrderStores, IAsyncDisposable
{
    private readonly List<NpgsqlDataSource> _dataSources = [];

    public async Task<OrderStore> CreateAsync()
    {
        var server = await PostgresServer.GetAsync();
        var dataSource = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        _dataSources.Add(dataSource);
        var index = new PostgreSqlOrderIndex(dataSource);
        await index.EnsureCreatedAsync(default);
        return new(index, new PostgreSqlOrderSearch(dataSource), () => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var dataSource in _dataSources)
            await dataSource.DisposeAsync();
    }
}
