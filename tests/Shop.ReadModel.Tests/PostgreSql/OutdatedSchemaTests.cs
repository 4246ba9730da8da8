using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>Tables that another version of Shop has made.</summary>
public sealed class OutdatedSchemaTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    private static readonly OrderQuery InGermany = new() { Filters = OrderFilters.None with { Countries = ["DE"] } };

    [SkippableFact]
    public async Task Tables_without_a_column_take_writes_and_serve_until_they_are_replaced()
    {
        var store = await stores.CreateAsync();
        var (before, during) = (Orders.New(), Orders.New());
        await MakeOutdatedAsync("DROP COLUMN country");

        Assert.Equal(IndexState.Outdated, await store.Index.EnsureCreatedAsync(default));
        await store.ApplyAsync(before);
        await store.ApplyAsync(before.At(version: 2));
        var next = await store.Rebuild!.BeginAsync(default);
        await store.ApplyAsync(during);
        await next.ApplyAsync([before.At(version: 2)], default);
        Assert.Equal(2, (await store.SearchAsync(new())).Hits.Count);
        await store.Rebuild.SwitchAsync(default);

        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
        await store.ApplyAsync(before.At(version: 3));
        Assert.Equal(2, (await store.SearchAsync(InGermany)).Hits.Count);
    }

    [SkippableFact]
    public async Task What_only_the_outdated_tables_refuse_is_taken_once_there_are_others()
    {
        var store = await stores.CreateAsync();
        await MakeOutdatedAsync("ADD COLUMN needed text NOT NULL");
        var order = Orders.New();
        Assert.Equal(IndexResult.Rejected, Assert.Single(await store.ApplyAsync(order)).Result);

        await store.Rebuild!.BeginAsync(default);
        Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(order)).Result);
        await store.Rebuild.SwitchAsync(default);

        Assert.Equal([new(order.Id, 1)], await store.VersionsAsync());
        Assert.Equal(IndexResult.Applied, Assert.Single(await store.ApplyAsync(order.At(version: 2))).Result);
    }

    [SkippableFact]
    public async Task Tables_that_were_filled_have_the_indexes_of_those_that_were_made()
    {
        var store = await stores.CreateAsync();
        var made = await IndexesAsync();
        await MakeOutdatedAsync("DROP COLUMN country");

        await store.Rebuild!.BeginAsync(default);
        await stores.ExecuteAsync("CREATE INDEX ON order_summaries_next USING gin (search, skus, categories)");
        await stores.ExecuteAsync("""
            UPDATE pg_index SET indisvalid = false
            WHERE indrelid = 'order_summaries_next'::regclass AND NOT indisprimary
            """); // As a build that was cut short leaves it.
        await store.Rebuild.SwitchAsync(default);

        Assert.Equal(7, made.Length);
        Assert.Equal(made.Order(), (await IndexesAsync()).Order());
    }

    private Task<string[]> IndexesAsync() => stores.QueryAsync<string[]>("""
        SELECT array_agg(substring(pg_get_indexdef(indexrelid) FROM 'USING.*')) FROM pg_index
        WHERE indrelid = 'order_summaries'::regclass AND indisvalid
        """);

    private Task MakeOutdatedAsync(string change) => stores.ExecuteAsync(
        $"ALTER TABLE order_summaries {change}; COMMENT ON TABLE order_summaries IS 'shop:0123456789abcdef'");
}
