using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>What every store promises to a rebuild.</summary>
public abstract class OrderRebuildContract(IOrderStores stores)
{
    [SkippableFact]
    public async Task Live_writes_go_to_both_generations_and_the_cutover_shows_the_shadow()
    {
        var (store, generations) = await CreateAsync();
        var (before, during) = (Orders.New(), Orders.New());
        await store.ApplyAsync(before.At(version: 1, "before"));

        await generations.CreateShadowAsync(default);
        await store.ApplyAsync(during, before.At(version: 2, "during"));
        await generations.Shadow.ApplyAsync([before.At(version: 1, "from the write database")], default);
        Assert.Equal(Sorted(new(before.Id, 2), new(during.Id, 1)), await VersionsAsync(generations.Shadow));
        await generations.CutOverAsync(default);

        Assert.Equal("during", (await store.GetAsync(before.Id))!.Note);
        Assert.Equal(2, (await store.SearchAsync(Orders.All)).Orders.Count);
        var state = await generations.ReadAsync(default);
        Assert.Null(state.Shadow);
        Assert.NotNull(state.Previous);
        Assert.Equal((RebuildOutcome.Completed, state.Live), (state.Last!.Outcome, state.Last.Generation));
    }

    [SkippableFact]
    public async Task What_a_search_found_before_the_cutover_is_found_right_after_it()
    {
        var (store, generations) = await CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order);
        await generations.CreateShadowAsync(default);
        await store.ApplyAsync(order.At(version: 2));
        Assert.Equal(2, Assert.Single((await store.SearchAsync(Orders.All)).Orders).Version);

        await generations.CutOverAsync(default);

        Assert.Equal(2, Assert.Single((await store.SearchAsync(Orders.All)).Orders).Version);
    }

    [SkippableFact]
    public async Task Readers_use_the_live_generation_until_the_cutover()
    {
        var (store, generations) = await CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order);

        await generations.CreateShadowAsync(default);

        Assert.Empty(await VersionsAsync(generations.Shadow));
        Assert.Single((await store.SearchAsync(Orders.All)).Orders);
        await generations.AbandonAsync();
        await store.ApplyAsync(order.At(version: 2));
        Assert.Equal(2, (await store.GetAsync(order.Id))!.Version);
        Assert.Null((await generations.ReadAsync(default)).Shadow);
    }

    [SkippableFact]
    public async Task A_rebuild_resumes_with_the_shadow_that_exists()
    {
        var (_, generations) = await CreateAsync();
        var order = Orders.New();
        await generations.CreateShadowAsync(default);
        await generations.Shadow.ApplyAsync([order], default);

        await generations.CreateShadowAsync(default);

        Assert.Equal([new(order.Id, 1)], await VersionsAsync(generations.Shadow));
    }

    [SkippableFact]
    public async Task A_rollback_makes_the_previous_generation_live_again_once_it_has_caught_up()
    {
        var (store, generations) = await CreateAsync();
        var order = Orders.New();
        await store.ApplyAsync(order.At(version: 1, "first generation"));
        await generations.CreateShadowAsync(default);
        await generations.CutOverAsync(default);
        await store.ApplyAsync(order.At(version: 2, "second generation"));

        await generations.BeginRollbackAsync(default);
        Assert.True((await generations.ReadAsync(default)).IsRollback);
        Assert.Equal([new(order.Id, 1)], await VersionsAsync(generations.Shadow));
        await generations.AbandonAsync();
        Assert.False((await generations.ReadAsync(default)).IsRollback);
        await generations.BeginRollbackAsync(default);
        await generations.Shadow.ApplyAsync([order.At(version: 2, "caught up")], default);
        await generations.CutOverAsync(default);

        Assert.Equal("caught up", (await store.GetAsync(order.Id))!.Note);
        await store.ApplyAsync(order.At(version: 3, "third"));
        Assert.Equal("third", (await store.GetAsync(order.Id))!.Note);
    }

    [SkippableFact]
    public async Task A_cutover_without_a_shadow_and_a_rollback_without_a_previous_generation_are_refused()
    {
        var (_, generations) = await CreateAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => generations.CutOverAsync(default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => generations.BeginRollbackAsync(default));
        await generations.AbandonAsync();
    }

    [SkippableFact]
    public async Task An_abandoned_shadow_can_never_go_live()
    {
        var (store, generations) = await CreateAsync();
        await generations.CreateShadowAsync(default);
        var shadow = (await generations.ReadAsync(default)).Shadow;
        var reason = new RebuildRecord(
            RebuildOutcome.GivenUp, shadow, IsRollback: false, DateTimeOffset.UnixEpoch, Reason: "It's full.");

        Assert.True(await generations.AbandonShadowAsync(reason, default));

        Assert.False(await generations.AbandonShadowAsync(reason, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => generations.CutOverAsync(default));
        Assert.Equal(reason, (await generations.ReadAsync(default)).Last);
        await generations.CreateShadowAsync(default);
        Assert.False(await generations.AbandonShadowAsync(reason, default));
        var order = Orders.New();
        await store.ApplyAsync(order);
        await generations.CutOverAsync(default);
        Assert.NotNull(await store.GetAsync(order.Id));
    }

    [SkippableFact]
    public async Task What_is_erased_leaves_the_previous_generation_too()
    {
        var (store, generations) = await CreateAsync();
        var (erased, other) = (Orders.New(), Orders.New());
        await store.ApplyAsync(erased.At(version: 1), other.At(version: 1));
        await generations.CreateShadowAsync(default);
        await generations.Shadow.ApplyAsync([erased.At(version: 1), other.At(version: 1)], default);
        await generations.CutOverAsync(default);
        OrderVersion[] since = [new(erased.Id, 2), new(Guid.CreateVersion7(), 2)];
        Assert.Equal(new(Live: 1, Shadow: 0, Previous: 1, Cached: 0), await CountAsync(generations, since));

        await store.ApplyAsync(erased.At(version: 2));
        await generations.RemovePreviousAsync(since, default);

        Assert.Equal(default, await CountAsync(generations, since));
        Assert.Equal(1, (await CountAsync(generations, [new(other.Id, 2)])).Previous);
        await generations.BeginRollbackAsync(default);
        await generations.Shadow.RepairAsync([erased.At(version: 2)], default);
        Assert.Equal(Sorted(new(erased.Id, 2), new(other.Id, 1)), await VersionsAsync(generations.Shadow));
    }

    // The cache is written in the background.
    private static async Task<OlderDocuments> CountAsync(
        IIndexGenerations generations, IReadOnlyList<OrderVersion> versions) =>
        await generations.CountOlderAsync(versions, default) with { Cached = 0 };

    private async Task<(OrderStore Store, IIndexGenerations Generations)> CreateAsync()
    {
        var store = await stores.CreateAsync();
        await store.Generations!.AbandonAsync();
        return (store, store.Generations!);
    }

    private static IEnumerable<OrderVersion> Sorted(params OrderVersion[] versions) =>
        versions.OrderBy(version => version.Id.ToString(), StringComparer.Ordinal);

    private static async Task<List<OrderVersion>> VersionsAsync(IOrderGeneration generation)
    {
        List<OrderVersion> versions = [];
        await foreach (var version in generation.VersionsAsync(default))
            versions.Add(version);

        return versions;
    }
}
