using System.Collections.Concurrent;
using Shop.Contracts;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Tests.Contract;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class RebuildTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    [SkippableFact]
    public async Task A_cancelled_rollback_leaves_the_previous_generation_where_it_was()
    {
        var store = await stores.CreateElasticsearchAsync();
        var first = (await store.Generations.ReadAsync(default)).Live;
        await store.Generations.CreateShadowAsync(default);
        await store.Generations.CutOverAsync(default);
        await store.Generations.BeginRollbackAsync(default);
        await store.Generations.CutOverAsync(default);
        var before = await store.Generations.ReadAsync(default);
        Assert.Equal(first, before.Live);

        await store.Generations.BeginRollbackAsync(default);
        Assert.True((await store.Generations.ReadAsync(default)).IsRollback);
        await store.Generations.AbandonAsync();

        Assert.Equal(before with { Last = null }, await store.Generations.ReadAsync(default) with { Last = null });
        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
    }

    [SkippableFact]
    public async Task A_cursor_outlives_the_cutover()
    {
        var store = await stores.CreateElasticsearchAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 5).Select(_ => Orders.New())];
        await store.Store.ApplyAsync(orders);
        var query = Orders.All with { Sort = OrderSort.Oldest, Size = 2 };
        var first = await store.Store.SearchAsync(query);

        await store.Generations.CreateShadowAsync(default);
        await store.Generations.Shadow.ApplyAsync(orders, default);
        await store.Generations.CutOverAsync(default);
        var second = await store.Store.SearchAsync(query with { After = first.Next });

        Assert.Equal([orders[2].Id, orders[3].Id], second.Orders.Select(order => order.Document.Id));
    }

    [SkippableFact]
    public async Task A_search_across_ten_cutovers_shows_nothing_older_than_waitFor_promised()
    {
        var store = await stores.CreateElasticsearchAsync();
        OrderDocument[] orders = [.. Enumerable.Range(0, 8).Select(_ => Orders.New())];
        await store.Store.ApplyAsync(orders);
        var promised = new ConcurrentDictionary<Guid, long>(orders.Select(order => KeyValuePair.Create(order.Id, 1L)));
        var awaiter = new VersionAwaiter(store.Search, TimeProvider.System);
        using var stop = new CancellationTokenSource();
        var searching = Task.WhenAll(Enumerable.Range(0, 2).Select(_ => SearchAsync()));
        var writing = Task.WhenAll(orders.Select(WriteAsync));

        for (var i = 0; i < 10 && !searching.IsCompleted && !writing.IsCompleted; i++)
        {
            await store.Generations.CreateShadowAsync(default);
            await store.Generations.Shadow.ApplyAsync(
                [.. orders.Select(order => order.At(promised[order.Id]))], default);
            await store.Generations.CutOverAsync(default);
        }

        await stop.CancelAsync();
        await Task.WhenAll(searching, writing);
        Assert.All(promised.Values, version => Assert.True(version > 20, $"Only {version} versions were written."));

        async Task WriteAsync(OrderDocument order)
        {
            for (var version = 2L; !stop.IsCancellationRequested; version++)
            {
                await store.Index.ApplyAsync([order.At(version)], default);
                Assert.Empty(await awaiter.WaitAsync(
                    [new(order.Id, version)], CallerScope.Everything, TimeSpan.FromSeconds(30), default));
                promised[order.Id] = version;
            }
        }

        async Task SearchAsync()
        {
            while (!stop.IsCancellationRequested)
            {
                var before = promised.ToDictionary();
                var found = (await store.Search.SearchAsync(Orders.All, default)).Orders
                    .ToDictionary(order => order.Document.Id, hit => hit.Document.Version);
                Assert.All(before, promise => Assert.True(
                    found.GetValueOrDefault(promise.Key) >= promise.Value,
                    $"A search found version {found.GetValueOrDefault(promise.Key)} after {promise.Value}."));
                await Task.Delay(10); // Leaves processor time for the cutovers.
            }
        }
    }

    [SkippableFact]
    public async Task A_shadow_that_refuses_writes_is_given_up_and_live_writes_go_on()
    {
        var store = await stores.CreateElasticsearchAsync();
        await store.Generations.CreateShadowAsync(default);
        var shadow = (await store.Generations.ReadAsync(default)).Shadow!;
        await store.SendAsync(HttpMethod.PUT, $"/{shadow}/_settings", """{"index.blocks.write":true}""");

        OrderDocument[] orders = [.. Enumerable.Range(0, 40).Select(_ => Orders.New())];
        foreach (var order in orders)
            Assert.Equal(IndexResult.Applied, Assert.Single(await store.Store.ApplyAsync(order)).Result);

        Assert.Equal(40, (await store.Store.SearchAsync(Orders.All with { Size = 40 })).Orders.Count);
        var state = await store.Generations.ReadAsync(default);
        Assert.Equal((null, RebuildOutcome.GivenUp, shadow), (state.Shadow, state.Last!.Outcome, state.Last.Generation));
        Assert.Contains("could not be written", state.Last.Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_shadow_that_cannot_even_be_deleted_is_given_up()
    {
        var store = await stores.CreateElasticsearchAsync();
        await store.Generations.CreateShadowAsync(default);
        var shadow = (await store.Generations.ReadAsync(default)).Shadow!;
        await store.SendAsync(HttpMethod.PUT, $"/{shadow}/_settings", """{"index.blocks.read_only":true}""");

        await store.Store.ApplyAsync(Orders.New());

        Assert.Null((await store.Generations.ReadAsync(default)).Shadow);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Generations.CutOverAsync(default));
        await store.SendAsync(HttpMethod.PUT, $"/{shadow}/_settings", """{"index.blocks.read_only":null}""");
        await store.Generations.CreateShadowAsync(default);
        Assert.NotEqual(shadow, (await store.Generations.ReadAsync(default)).Shadow);
    }

    [SkippableFact]
    public async Task Somebody_elses_index_behind_our_aliases_is_never_dropped()
    {
        var store = await stores.CreateElasticsearchAsync();
        var foreign = $"{store.Alias}-reports";
        await store.SendAsync(HttpMethod.PUT, $"/{foreign}", $$$$"""
            {"aliases":{"{{{{store.Alias}}}}-previous":{},"{{{{store.Alias}}}}-shadow":{}}}
            """);

        Assert.Null((await store.Generations.ReadAsync(default)).Shadow);
        await store.SendAsync(HttpMethod.DELETE, $"/{foreign}/_alias/{store.Alias}-shadow");
        await store.Generations.CreateShadowAsync(default);
        await store.Generations.CutOverAsync(default);

        Assert.True((await store.SendAsync(HttpMethod.HEAD, $"/{foreign}")).IsSuccess);
    }
}
