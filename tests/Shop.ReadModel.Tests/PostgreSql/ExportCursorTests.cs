using Npgsql;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Streaming;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;

namespace Shop.ReadModel.Tests.PostgreSql;

public sealed class ExportCursorTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(201)]
    public async Task An_export_has_each_order_once_the_newest_first_whatever_their_number(int count)
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, count).Select(_ => Orders.New())];
        await store.ApplyAsync(orders);

        Assert.Equal(orders.Reverse().Select(order => order.Id), await IdsAsync(stores.DataSource));
    }

    [Fact]
    public async Task All_pieces_of_an_export_are_of_one_moment()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 250).Select(_ => Orders.New())];
        await store.ApplyAsync(orders);
        await using var export = new PostgreSqlOrderExport(stores.DataSource).ReadAsync(Orders.All, default)
            .GetAsyncEnumerator();
        List<StoredOrder> read = [];
        Assert.True(await export.MoveNextAsync());
        read.Add(export.Current);

        await store.ApplyAsync([.. orders.Select(order => order.At(version: 2)), Orders.New()]);
        while (await export.MoveNextAsync())
            read.Add(export.Current);

        Assert.Equal(
            orders.Reverse().Select(order => (order.Id, 1L)), read.Select(order => (order.Document.Id, order.Document.Version)));
    }

    // Sorting all documents first keeps a core busy for a second with 100,000 orders, and delays everybody else.
    [Fact]
    public async Task An_export_does_not_sort_the_documents_first()
    {
        var store = await stores.CreateAsync();
        await store.ApplyAsync([.. Enumerable.Range(0, 1_000).Select(_ => Orders.New())]);
        await stores.ExecuteAsync("ANALYZE");
        Assert.NotEqual(0, await TemporaryFilesAsync(async source =>
        {
            await using var command = source.CreateCommand(
                "SELECT document FROM order_documents ORDER BY document::text");
            await command.ExecuteNonQueryAsync();
        }));

        Assert.Equal(0, await TemporaryFilesAsync(async source => Assert.Equal(1_000, (await IdsAsync(source)).Count)));
    }

    private static async Task<List<Guid>> IdsAsync(NpgsqlDataSource source) =>
        await new PostgreSqlOrderExport(source).ReadAsync(Orders.All, default)
            .Select(order => order.Document.Id).ToListAsync();

    /// <summary>Counts the temporary files of a session whose work_mem is 256 kB, enough for one piece of an export.</summary>
    private async Task<long> TemporaryFilesAsync(Func<NpgsqlDataSource, Task> run)
    {
        const string Session = "export";
        await using (var source = NpgsqlDataSource.Create(
            $"{stores.ConnectionString};Application Name={Session};Options=-c work_mem=256kB"))
            await run(source);
        // A session reports its statistics when it ends.
        await Eventually.HoldsAsync(
            async () => !await stores.QueryAsync<bool>(
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = '{Session}')"),
            "the session has ended");
        var files = await stores.QueryAsync<long>(
            "SELECT temp_files FROM pg_stat_database WHERE datname = current_database()");
        await stores.ExecuteAsync("SELECT pg_stat_reset()");
        return files;
    }
}
