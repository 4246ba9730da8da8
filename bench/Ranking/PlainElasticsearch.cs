using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Shop.Contracts;

namespace Shop.Bench.Ranking;

/// <summary>The control arm on Elasticsearch: the default analyzer and similarity (BM25), all words.</summary>
internal sealed class PlainElasticsearch(string address, string index) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new(address) };

    public async Task FillAsync(IEnumerable<OrderDocument> orders)
    {
        string[] fields = ["all", "keys", "names", "details", "notes"];
        var properties = new JsonObject(fields.Select(field => KeyValuePair.Create(field, (JsonNode?)new JsonObject { ["type"] = "text" })));
        await EnsureAsync(_http.PutAsJsonAsync($"/{index}", new JsonObject { ["mappings"] = new JsonObject { ["properties"] = properties } }));
        foreach (var batch in orders.Chunk(1_000))
        {
            var body = new StringBuilder();
            foreach (var order in batch)
            {
                var text = PlainText.Of(order);
                body.Append(new JsonObject { ["index"] = new JsonObject { ["_id"] = $"{order.Id:D}" } }.ToJsonString()).Append('\n');
                body.Append(new JsonObject
                {
                    ["all"] = text.All,
                    ["keys"] = text.Keys,
                    ["names"] = text.Names,
                    ["details"] = text.Details,
                    ["notes"] = text.Notes,
                }.ToJsonString()).Append('\n');
            }

            using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/json");
            await EnsureAsync(_http.PostAsync(new Uri($"/{index}/_bulk", UriKind.Relative), content));
        }

        await EnsureAsync(_http.PostAsync(new Uri($"/{index}/_refresh", UriKind.Relative), content: null));
    }

    public async Task<IReadOnlyList<Guid>> FindAsync(string query, bool isWeighted)
    {
        var match = new JsonObject
        {
            ["query"] = query,
            ["fields"] = isWeighted ? new JsonArray("keys^8", "names^4", "details^2", "notes") : new JsonArray("all"),
            ["type"] = isWeighted ? "cross_fields" : "best_fields",
            ["operator"] = "and",
        };
        var body = new JsonObject { ["size"] = 10, ["_source"] = false, ["query"] = new JsonObject { ["multi_match"] = match } };
        var found = await EnsureAsync(_http.PostAsJsonAsync($"/{index}/_search", body));
        return [.. found["hits"]!["hits"]!.AsArray().Select(hit => Guid.Parse((string)hit!["_id"]!))];
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> EnsureAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new InvalidOperationException($"Elasticsearch: {await response.Content.ReadAsStringAsync()}");
    }
}
