using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class RebuildTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    [SkippableFact]
    public async Task Live_writes_go_to_both_copies_and_the_switch_shows_the_second()
    {
        var store = await stores.CreateElasticsearchAsync();
        var (before, during, after) = (Orders.New(), Orders.New(), Orders.New());
        await store.Index.ApplyAsync([before], default);
        var first = await store.Rebuild.GetCopiesAsync(default);

        var copy = await store.Rebuild.BeginAsync(default);
        await store.Index.ApplyAsync([during], default);
        await copy.ApplyAsync([before], default);
        Assert.Equal(2, await CountAsync(copy));
        await store.Rebuild.SwitchAsync(default);
        await store.Store.ApplyAsync(after);

        var copies = await store.Rebuild.GetCopiesAsync(default);
        Assert.Equal(first.Live, copies.Previous);
        Assert.NotEqual(first.Live, copies.Live);
        Assert.Null(copies.Next);
        Assert.Equal(3, (await store.Store.SearchAsync(new())).Total.Value);
        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
    }

    [SkippableFact]
    public async Task Beginning_again_goes_on_with_the_same_copy()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await (await store.Rebuild.BeginAsync(default)).ApplyAsync([order], default);
        var begun = await store.Rebuild.GetCopiesAsync(default);

        var copy = await store.Rebuild.BeginAsync(default);

        Assert.Equal(begun, await store.Rebuild.GetCopiesAsync(default));
        Assert.Equal(1, await CountAsync(copy));
    }

    [SkippableFact]
    public async Task A_cancelled_copy_is_gone_and_writes_go_on()
    {
        var store = await stores.CreateElasticsearchAsync();
        var before = await store.Rebuild.GetCopiesAsync(default);
        await store.Rebuild.BeginAsync(default);
        await store.Index.ApplyAsync([Orders.New()], default);

        await store.Rebuild.CancelAsync(default);
        await store.Index.ApplyAsync([Orders.New()], default);

        Assert.Equal(before, await store.Rebuild.GetCopiesAsync(default));
        Assert.Equal(2, await CountAsync(store.Index));
    }

    [SkippableFact]
    public async Task A_rollback_shows_the_earlier_copy_with_what_came_since()
    {
        var store = await stores.CreateElasticsearchAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Rebuild.BeginRollbackAsync(default));
        var order = Orders.New();
        await store.Index.ApplyAsync([order], default);
        var first = await store.Rebuild.GetCopiesAsync(default);
        await (await store.Rebuild.BeginAsync(default)).ApplyAsync([order], default);
        await store.Rebuild.SwitchAsync(default);
        await store.Index.ApplyAsync([order.At(version: 2)], default);

        var earlier = await store.Rebuild.BeginRollbackAsync(default);
        await store.Rebuild.CancelAsync(default);
        Assert.Equal(first.Live, (await store.Rebuild.GetCopiesAsync(default)).Previous);

        earlier = await store.Rebuild.BeginRollbackAsync(default);
        await earlier.ApplyAsync([order.At(version: 2)], default);
        await store.Rebuild.SwitchAsync(default);

        Assert.Equal(first.Live, (await store.Rebuild.GetCopiesAsync(default)).Live);
        Assert.Equal([new(order.Id, 2)], await store.Store.VersionsAsync());
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

    private static async Task<int> CountAsync(IOrderCopy copy)
    {
        var count = 0;
        await foreach (var _ in copy.VersionsAsync(default))
            count++;

        return count;
    }
}
