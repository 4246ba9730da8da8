using Shop.ReadModel.Elasticsearch;
using Shop.ReadModel.Tests.Contract;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Tests.Elasticsearch;

/// <summary>Manual changes of an index, and how the store handles them.</summary>
public sealed class SelfHealingTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    [SkippableFact]
    public async Task An_edited_document_has_no_version_until_it_is_repaired()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New().At(version: 3);
        await store.Index.ApplyAsync([order], default);
        await store.SendAsync(HttpMethod.POST, $"/{store.Alias}/_update/{order.Id}", """{"doc":{"note":"by hand"}}""");

        Assert.Equal([new(order.Id, 0)], await store.Store.VersionsAsync());

        Assert.Equal([new(order.Id, IndexResult.Applied)], await store.Index.RepairAsync([order], default));
        Assert.Equal([new(order.Id, 3)], await store.Store.VersionsAsync());
        Assert.Equal(order.Note, (await store.Store.GetAsync(order.Id))!.Note);
    }

    [SkippableFact]
    public async Task An_edited_document_does_not_hold_up_the_shadow_event()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await store.Index.ApplyAsync([order], default);
        for (var i = 0; i < 5; i++)
        {
            await store.SendAsync(
                HttpMethod.POST, $"/{store.Alias}/_update/{order.Id}", $$$"""{"doc":{"note":"{{{i}}}"}}""");
        }

        var outcomes = await store.Index.ApplyAsync([order.At(version: 2)], default);

        Assert.Equal([new(order.Id, IndexResult.Applied)], outcomes);
        Assert.Equal([new(order.Id, 2)], await store.Store.VersionsAsync());
    }

    [SkippableFact]
    public async Task A_definition_that_is_refused_is_said_with_the_reason()
    {
        var alias = $"refused-{Guid.CreateVersion7():N}";
        using var store = new ElasticsearchStore(await stores.GetConnectionStringAsync(), alias: alias);
        await store.SendAsync(HttpMethod.PUT, $"/_index_template/{alias}", $$$$"""
            {"index_patterns":["{{{{alias}}}}-*"],"priority":900,"template":{"settings":{"index.sort.field":"nowhere","index.sort.mode":"min"}}}
            """);

        var refused = await Assert.ThrowsAsync<ReadStoreUnavailableException>(
            () => store.Index.EnsureCreatedAsync(default));

        await store.SendAsync(HttpMethod.DELETE, $"/_index_template/{alias}");
        Assert.Contains($"refuses to create the index {alias}-", refused.Message, StringComparison.Ordinal);
        Assert.Contains("size mismatch", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 0, 500);
    }

    [SkippableTheory]
    [InlineData("""{"asOf":{"0":"2026-11-25T10:00:00Z"}}""")]
    [InlineData("""{"asOf":{},"partitions":{"0":7}}""")]
    public async Task Freshness_that_another_version_wrote_is_replaced(string document)
    {
        var alias = $"older-{Guid.CreateVersion7():N}";
        using var store = new ElasticsearchStore(await stores.GetConnectionStringAsync(), alias: alias);
        await store.SendAsync(HttpMethod.PUT, $"/{alias}-freshness", """
            {"mappings":{"dynamic":"strict","properties":{"asOf":{"type":"object","enabled":false},
                "partitions":{"type":"object","enabled":false}}}}
            """);
        await store.SendAsync(HttpMethod.PUT, $"/{alias}-freshness/_doc/1?refresh=true", document);

        await store.Index.EnsureCreatedAsync(default);
        Assert.Null(await store.Search.ReadFreshnessAsync(default));
        var now = TimeProvider.System.GetUtcNow();
        await store.Index.SaveFreshnessAsync(
            new(new Dictionary<int, DateTimeOffset?> { [0] = now }, PartitionCount: 1, now, Problem: null), default);

        Assert.Equal(now, (await store.Search.ReadFreshnessAsync(default))!.AsOf);
    }

    [SkippableFact]
    public async Task A_deleted_document_is_written_again()
    {
        var store = await stores.CreateElasticsearchAsync();
        var (order, other) = (Orders.New().At(version: 3), Orders.New());
        await store.Index.ApplyAsync([order, other], default);
        await store.SendAsync(HttpMethod.DELETE, $"/{store.Alias}/_doc/{order.Id}");

        var outcomes = await store.Index.RepairAsync([order, other], default);

        Assert.All(outcomes, outcome => Assert.Equal(IndexResult.Applied, outcome.Result));
        Assert.Equal(3, (await store.Store.GetAsync(order.Id))!.Version);
    }

    [SkippableFact]
    public async Task A_forged_version_can_be_removed_and_written_again()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await store.Index.ApplyAsync([order.At(version: 99)], default);
        Assert.Equal([new(order.Id, IndexResult.AlreadyNewer)], await store.Index.RepairAsync([order], default));

        await store.Index.RemoveAsync([order.Id], default);
        await store.Index.RepairAsync([order], default);

        Assert.Equal([new(order.Id, 1)], await store.Store.VersionsAsync());
    }

    [SkippableFact]
    public async Task A_deleted_index_is_refused_until_it_is_made_again()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await store.Index.ApplyAsync([order], default);
        await store.SendAsync(HttpMethod.DELETE, $"/{await LiveAsync(store)}");

        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => store.Index.ApplyAsync([order], default));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => store.Store.GetAsync(order.Id));
        await Assert.ThrowsAsync<ReadStoreUnavailableException>(() => store.Store.SearchAsync(Orders.All));

        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));
        Assert.Equal([new(order.Id, IndexResult.Applied)], await store.Index.ApplyAsync([order], default));
    }

    [SkippableFact]
    public async Task An_index_that_another_process_made_again_is_noticed()
    {
        var store = await stores.CreateElasticsearchAsync();
        await store.SendAsync(HttpMethod.DELETE, $"/{await LiveAsync(store)}");
        await using var other = new ElasticsearchStore(await stores.GetConnectionStringAsync(), alias: store.Alias);

        Assert.Equal(IndexState.Created, await other.Index.EnsureCreatedAsync(default));
        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));
        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));
    }

    [SkippableFact]
    public async Task An_alias_that_leads_elsewhere_is_corrected()
    {
        var store = await stores.CreateElasticsearchAsync();
        var order = Orders.New();
        await store.Store.ApplyAsync(order);
        var live = await LiveAsync(store);
        await store.SendAsync(HttpMethod.PUT, $"/{store.Alias}-foreign");
        await store.SendAsync(HttpMethod.POST, "/_aliases", $$$"""
            {"actions":[{"remove":{"index":"{{{live}}}","alias":"{{{store.Alias}}}"}},
                        {"add":{"index":"{{{store.Alias}}}-foreign","alias":"{{{store.Alias}}}"}}]}
            """);

        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));

        Assert.Equal(live, await LiveAsync(store));
        Assert.Single((await store.Store.SearchAsync(Orders.All)).Orders);
    }

    [SkippableFact]
    public async Task An_alias_that_leads_to_two_indices_is_put_right()
    {
        var store = await stores.CreateElasticsearchAsync();
        var live = await LiveAsync(store);
        await store.SendAsync(
            HttpMethod.PUT, $"/{store.Alias}-foreign", $$$$"""{"aliases":{"{{{{store.Alias}}}}":{}}}""");

        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));

        Assert.Equal(live, await LiveAsync(store));
    }

    [SkippableFact]
    public async Task Somebody_elses_index_with_the_name_of_the_alias_is_refused_and_kept()
    {
        var store = await stores.CreateElasticsearchAsync();
        var live = await LiveAsync(store);
        await store.SendAsync(HttpMethod.DELETE, $"/{live}/_alias/{store.Alias}");
        await store.SendAsync(HttpMethod.PUT, $"/{store.Alias}/_doc/1?refresh=true", """{"is":"somebody's own"}""");

        var refusal = await Assert.ThrowsAsync<ReadStoreUnavailableException>(
            () => store.Index.EnsureCreatedAsync(default));

        Assert.Contains("Shop did not create", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await store.SendAsync(HttpMethod.GET, $"/{store.Alias}/_count")).Json["count"]!);
        await store.SendAsync(HttpMethod.DELETE, $"/{store.Alias}");
        Assert.Equal(IndexState.Created, await store.Index.EnsureCreatedAsync(default));
        Assert.Equal(live, await LiveAsync(store));
    }

    [SkippableFact]
    public async Task A_reader_verifies_the_schema_and_creates_nothing()
    {
        await using var store = new ElasticsearchStore(await stores.GetConnectionStringAsync());
        var schema = store.Get<IReadStoreSchema>();

        Assert.Contains("projector", (await schema.FindProblemAsync(default))!.Description, StringComparison.Ordinal);
        Assert.Empty((await store.SendAsync(HttpMethod.GET, $"/{store.Alias}*/_alias")).Json);
        await store.Index.EnsureCreatedAsync(default);
        Assert.Null(await schema.FindProblemAsync(default));
        await store.SendAsync(
            HttpMethod.PUT, $"/{store.Alias}/_mapping", """{"properties":{"extra":{"type":"keyword"}}}""");
        Assert.Contains("mapping", (await schema.FindProblemAsync(default))!.Description, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_manually_changed_mapping_needs_a_rebuild_and_takes_writes_meanwhile()
    {
        var store = await stores.CreateElasticsearchAsync();
        var live = await LiveAsync(store);
        await store.SendAsync(HttpMethod.PUT, $"/{live}/_mapping", """{"properties":{"extra":{"type":"keyword"}}}""");

        Assert.Equal(IndexState.Outdated, await store.Index.EnsureCreatedAsync(default));
        var outcomes = await store.Index.ApplyAsync([Orders.New()], default);
        Assert.Equal(IndexResult.Applied, Assert.Single(outcomes).Result);
    }

    [SkippableFact]
    public async Task Manually_changed_settings_are_restored()
    {
        var store = await stores.CreateElasticsearchAsync();
        var live = await LiveAsync(store);
        await store.SendAsync(
            HttpMethod.PUT, $"/{live}/_settings", """{"index":{"refresh_interval":"30s","gc_deletes":null}}""");

        Assert.Equal(IndexState.Ready, await store.Index.EnsureCreatedAsync(default));

        var settings = (await store.SendAsync(HttpMethod.GET, $"/{live}/_settings")).Json[live]!["settings"]!["index"]!;
        Assert.Equal("-1", (string?)settings["refresh_interval"]);
        Assert.Equal("0s", (string?)settings["gc_deletes"]);
    }

    [SkippableFact]
    public async Task Services_that_start_together_create_one_index()
    {
        var first = await stores.CreateElasticsearchAsync();
        await first.SendAsync(HttpMethod.DELETE, $"/{await LiveAsync(first)}");
        var others = Enumerable.Range(0, 4).Select(_ => first.Get<ElasticsearchSchema>()).ToList();

        var live = await Task.WhenAll(others.Select(indices => indices.EnsureLiveAsync(default)));

        Assert.Single(live.Select(index => index.Name).Distinct());
    }

    private static async Task<string> LiveAsync(ElasticsearchStore store) =>
        (await store.Generations.ReadAsync(default)).Live;
}
