using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What every store promises to a rebuild.</summary>
public abstract class OrderRebuildContract(IOrderStores stores)
{
    [SkippableFact]
    public async Task Live_writes_go_to_both_copies_and_the_switch_shows_the_second()
    {
        var store = await stores.CreateAsync();
        var (before, during) = (Orders.New(), Orders.New());
        await store.ApplyAsync(before.At(version: 1, "before"));

        var next = await store.Rebuild!.BeginAsync(default);
        await store.ApplyAsync(during, before.At(version: 2, "during"));
        await next.ApplyAsync([before.At(version: 1, "from the write side")], default);
        Assert.Equal(Sorted(new(before.Id, 2), new(during.Id, 1)), await VersionsAsync(next));
        await store.Rebuild.SwitchAsync(default);
        await store.MakeSearchable();

        Assert.Equal("during", (await store.GetAsync(before.Id))!.Note);
        Assert.Equal(2, (await store.SearchAsync(new())).Hits.Count);
        var copies = await store.Rebuild.GetCopiesAsync(default);
        Assert.Null(copies.Next);
        Assert.NotNull(copies.Previous);
    }

    [SkippableFact]
    public async Task Reads_keep_to_the_live_copy_until_the_switch()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order);

        var next = await store.Rebuild!.BeginAsync(default);

        Assert.Empty(await VersionsAsync(next));
        Assert.Single((await store.SearchAsync(new())).Hits);
        await store.Rebuild.CancelAsync(default);
        await store.ApplyAsync(order.At(version: 2));
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
        Assert.Null((await store.Rebuild.GetCopiesAsync(default)).Next);
    }

    [SkippableFact]
    public async Task Beginning_again_goes_on_with_the_unfinished_copy()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        var first = await store.Rebuild!.BeginAsync(default);
        await first.ApplyAsync([order], default);

        var again = await store.Rebuild.BeginAsync(default);

        Assert.Equal([new(order.Id, 1)], await VersionsAsync(again));
        await store.Rebuild.CancelAsync(default);
    }

    [SkippableFact]
    public async Task A_rollback_brings_back_the_earlier_copy_once_it_has_caught_up()
    {
        var store = await stores.CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 1, "first copy"));
        await store.Rebuild!.BeginAsync(default);
        await store.Rebuild.SwitchAsync(default);
        await store.ApplyAsync(order.At(version: 2, "second copy"));

        var earlier = await store.Rebuild.BeginRollbackAsync(default);
        Assert.Equal([new(order.Id, 1)], await VersionsAsync(earlier));
        await store.Rebuild.CancelAsync(default);
        earlier = await store.Rebuild.BeginRollbackAsync(default);
        await earlier.ApplyAsync([order.At(version: 2, "caught up")], default);
        await store.Rebuild.SwitchAsync(default);
        await store.MakeSearchable();

        Assert.Equal("caught up", (await store.GetAsync(order.Id))!.Note);
        await store.ApplyAsync(order.At(version: 3, "third"));
        Assert.Equal("third", (await store.GetAsync(order.Id))!.Note);
    }

    [SkippableFact]
    public async Task What_cannot_be_switched_or_rolled_back_is_refused()
    {
        var store = await stores.CreateAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Rebuild!.SwitchAsync(default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Rebuild!.BeginRollbackAsync(default));
        await store.Rebuild!.CancelAsync(default);
    }

    private static IEnumerable<OrderVersion> Sorted(params OrderVersion[] versions) =>
        versions.OrderBy(version => version.Id.ToString(), StringComparer.Ordinal);

    private static async Task<List<OrderVersion>> VersionsAsync(IOrderCopy copy)
    {
        List<OrderVersion> versions = [];
        await foreach (var version in copy.VersionsAsync(default))
            versions.Add(version);

        return versions;
    }
}
