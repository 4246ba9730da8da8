using Shop.Contracts;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class RebuildTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    [SkippableFact]
    public async Task A_rollback_that_is_cancelled_leaves_the_earlier_copy_where_it_was()
    {
        var store = await stores.CreateElasticsearchAsync();
        var first = (await store.Rebuild.GetCopiesAsync(default)).Live;
        await store.Rebuild.BeginAsync(default);
        await store.Rebuild.SwitchAsync(default);
        await store.Rebuild.BeginRollbackAsync(default);
        await store.Rebuild.SwitchAsync(default);
        var before = await store.Rebuild.GetCopiesAsync(default);
        Assert.Equal(first, before.Live);

        await store.Rebuild.BeginRollbackAsync(default);
        Assert.True((await store.Rebuild.GetCopiesAsync(default)).IsRollback);
        await store.Rebuild.CancelAsync(default);

        Assert.Equal(before, await store.Rebuild.GetCopiesAsync(default));
        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
    }

    [SkippableFact]
    public async Task A_cursor_outlives_the_switch()
    {
        var store = await stores.CreateElasticsearchAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 5).Select(_ => Orders.New())];
        await store.Store.ApplyAsync(orders);
        var query = new OrderQuery { Sort = OrderSort.Oldest, Size = 2 };
        var first = await store.Store.SearchAsync(query);

        await (await store.Rebuild.BeginAsync(default)).ApplyAsync(orders, default);
        await store.Rebuild.SwitchAsync(default);
        var second = await store.Store.SearchAsync(query with { After = first.Next });

        Assert.Equal([orders[2].Id, orders[3].Id], second.Hits.Select(hit => hit.Document.Id));
    }
}
