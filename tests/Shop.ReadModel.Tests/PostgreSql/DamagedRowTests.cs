using Shop.Contracts;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.PostgreSql;

/// <summary>Rows that somebody changed with psql. The version stream reports them, and a repair mends them.</summary>
public sealed class DamagedRowTests(PostgreSqlStores stores) : IClassFixture<PostgreSqlStores>
{
    [SkippableTheory]
    [InlineData("UPDATE order_documents SET document = replace(document::text, 'Berlin', 'Bern')::json")]
    [InlineData("UPDATE order_documents SET document = '{}'")]
    [InlineData("UPDATE order_documents SET version = 2")]
    [InlineData("UPDATE order_documents SET content_hash = 0")]
    [InlineData("DELETE FROM order_documents")]
    [InlineData("DELETE FROM order_summaries")]
    [InlineData("UPDATE order_summaries SET status = 'shipped'")]
    [InlineData("UPDATE order_summaries SET customer_id = gen_random_uuid()")]
    [InlineData("UPDATE order_summaries SET country = 'FR'")]
    [InlineData("UPDATE order_summaries SET currency = 'JPY'")]
    [InlineData("UPDATE order_summaries SET total = total + 1")]
    [InlineData("UPDATE order_summaries SET placed_at = placed_at + interval '1 microsecond'")]
    [InlineData("UPDATE order_summaries SET skus = '{}'")]
    [InlineData("UPDATE order_summaries SET categories = categories || 'more'::text")]
    [InlineData("UPDATE order_summaries SET search = strip(search)")]
    [InlineData("UPDATE order_summaries SET search = ''")]
    [InlineData("UPDATE order_summaries SET version = 2")]
    [InlineData("UPDATE order_summaries SET version = 7")]
    [InlineData("UPDATE order_summaries SET content_hash = content_hash + 1")]
    public async Task A_row_that_was_changed_by_hand_has_version_0_until_it_is_repaired(string damage)
    {
        var store = await stores.CreateAsync();
        var damaged = Orders.New(order => order with { Id = new("00000000-0000-7000-8000-000000000001") })
            .At(version: 3, "mended");
        var intact = Orders.New();
        await store.ApplyAsync(damaged, intact);
        Assert.Equal([new(damaged.Id, 3), new(intact.Id, 1)], await store.VersionsAsync());

        await stores.ExecuteAsync($"{damage} WHERE id = '{damaged.Id}'");

        Assert.Equal([new(damaged.Id, 0), new(intact.Id, 1)], await store.VersionsAsync());
        Assert.Equal(IndexResult.Applied, Assert.Single(await store.RepairAsync(damaged)).Result);
        Assert.Equal([new(damaged.Id, 3), new(intact.Id, 1)], await store.VersionsAsync());
        Assert.Equal(IndexResult.AlreadyNewer, Assert.Single(await store.ApplyAsync(damaged)).Result);
        var found = await store.SearchAsync(Orders.All with { Text = new(["mended"], Prefix: null, []) });
        Assert.Equal(damaged.Id, Assert.Single(found.Orders).Document.Id);
    }

    [SkippableFact]
    public async Task A_document_whose_hash_was_changed_with_it_is_found_by_the_deep_comparison()
    {
        var store = await stores.CreateAsync();
        var order = SerializedOrder.From(Orders.New());
        await store.Index.ApplyAsync([order], default);
        var expected = new StoredContent(order.Id, 1, StoredContent.HashOf(order.Json.Span));
        Assert.Equal([expected], await store.Index.ContentHashesAsync(default).ToArrayAsync());

        await stores.ExecuteAsync("""
            UPDATE order_documents SET document = replace(document::text, 'Berlin', 'Bern')::json;
            UPDATE order_documents SET content_hash = hash_record_extended(ROW(id, version, document::text), 0)
            """);

        Assert.Equal([new(order.Id, 1)], await store.VersionsAsync());
        Assert.NotEqual([expected], await store.Index.ContentHashesAsync(default).ToArrayAsync());
        await store.Index.RepairAsync([order], default);
        Assert.Equal([expected], await store.Index.ContentHashesAsync(default).ToArrayAsync());
    }

    [SkippableFact]
    public async Task Many_pages_of_versions_come_in_the_order_of_ids_with_each_damaged_one()
    {
        var store = await stores.CreateAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 4_500).Select(_ => Orders.New())];
        await store.ApplyAsync(orders);
        orders = [.. orders.OrderBy(order => order.Id.ToString(), StringComparer.Ordinal)];
        int[] damaged = [0, 1_999, 2_000, 2_001, 3_999, 4_499];
        await stores.ExecuteAsync($"""
            DELETE FROM order_summaries WHERE id = ANY('{Ids(0, 2_000, 3_999)}');
            DELETE FROM order_documents WHERE id = ANY('{Ids(1_999, 2_001, 4_499)}')
            """);

        Assert.Equal(
            orders.Select((order, i) => new OrderVersion(order.Id, damaged.Contains(i) ? 0 : 1)),
            await store.VersionsAsync());

        string Ids(params int[] positions) => "{" + string.Join(',', positions.Select(i => orders[i].Id)) + "}";
    }

    [SkippableFact]
    public async Task Versions_of_tables_without_hashes_are_streamed_unchecked()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await stores.ExecuteAsync("""
            ALTER TABLE order_summaries DROP COLUMN content_hash;
            ALTER TABLE order_documents DROP COLUMN content_hash;
            COMMENT ON TABLE order_summaries IS 'shop:0123456789abcdef'
            """);
        Assert.Equal(IndexState.Outdated, await store.Index.EnsureCreatedAsync(default));
        await store.ApplyAsync(order);

        Assert.Equal([new(order.Id, 1)], await store.VersionsAsync());
    }
}
