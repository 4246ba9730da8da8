using System.Globalization;
using Shop.ReadModel.Searching;
using Shop.ReadModel.Tests.Contract;
using Shop.Testing;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Tests.Elasticsearch;

public sealed class OpenContextsTests(ElasticsearchStores stores) : IClassFixture<ElasticsearchStores>
{
    [SkippableFact]
    public async Task Five_hundred_searches_leave_no_context_open()
    {
        var store = await stores.CreateElasticsearchAsync();
        await store.Store.ApplyAsync(
            [.. Enumerable.Range(0, 250).Select(i => Orders.WithProducts(string.Create(CultureInfo.InvariantCulture, $"Lamp {i}")))]);
        var suggester = new OrderSuggester(store.Search);
        var lamp = SearchTextParser.Parse("lam", out _);

        for (var i = 0; i < 100; i++)
        {
            await suggester.SuggestAsync(lamp, CallerScope.Everything, limit: 10, default);
            var query = Orders.All with { Text = lamp, Sort = (OrderSort)(i % 4), Size = 20, Facets = [OrderFacet.Status] };
            for (var page = 0; page < 4; page++)
            {
                var found = await store.Search.SearchAsync(query, default);
                query = query with { After = found.Next };
                Assert.NotNull(query.After); // The pages stop in the middle, as most callers do.
            }
        }

        // Other tests share the server; what they have open closes within seconds.
        await Eventually.HoldsAsync(
            async () => await CountOpenContextsAsync(store) == 0,
            "no search context is open",
            TimeSpan.FromSeconds(60));
    }

    private static async Task<long> CountOpenContextsAsync(ElasticsearchStore store)
    {
        var stats = (await store.SendAsync(HttpMethod.GET, "/_nodes/stats/indices/search")).Json;
        return stats["nodes"]!.AsObject()
            .Sum(node => node.Value!["indices"]!["search"]!["open_contexts"]!.GetValue<long>());
    }
}
