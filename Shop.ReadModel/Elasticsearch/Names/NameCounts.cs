using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Searching;
using Shop.ReadModel.Names;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Names;

/// <summary>Counts the orders of customers and products in the live index of orders.</summary>
internal sealed class NameCounts(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public async Task<Dictionary<NameKey, NameCount>> OfAsync(
        IEnumerable<NameKey> names, CancellationToken cancellationToken)
    {
        Dictionary<NameKey, NameCount> counts = [];
        foreach (var kind in names.GroupBy(name => name.Kind))
        {
            foreach (var some in kind.Chunk(PageSize))
            {
                var ids = JsonSerializer.Serialize([.. some.Select(name => name.Id)], NameDocumentJson.Default.StringArray);
                await foreach (var (id, bucket) in BucketsAsync(
                    $$"""
                    "query": { "terms": { "{{Field(kind.Key)}}": {{ids}} } },
                    "aggs": { "names": {
                      "terms": { "field": "{{Field(kind.Key)}}", "include": {{ids}}, "size": {{some.Length}} },
                      "aggs": { "latest": { "max": { "field": "{{StoredFields.PlacedAt}}" } } }
                    } }
                    """,
                    cancellationToken))
                {
                    var latest = (long)bucket["latest"]!["value"]!.GetValue<double>();
                    counts.Add(
                        new(kind.Key, id.GetValue<string>()),
                        new((long)bucket["doc_count"]!, DateTimeOffset.FromUnixTimeMilliseconds(latest)));
                }
            }
        }

        return counts;
    }

    /// <summary>Every name that orders have, in pages.</summary>
    public async IAsyncEnumerable<IReadOnlyList<NameKey>> AllAsync(
        NameKind kind, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        while (true)
        {
            List<NameKey> page = [];
            JsonNode? last = null;
            await foreach (var (id, _) in BucketsAsync(
                $$"""
                "aggs": { "names": { "composite": {
                  "size": {{PageSize}}, "sources": [{ "id": { "terms": { "field": "{{Field(kind)}}" } } }] {{after}}
                } } }
                """,
                cancellationToken))
            {
                last = id;
                page.Add(new(kind, id["id"]!.GetValue<string>()));
            }

            if (last is null)
                yield break;

            yield return page;
            after = $",\"after\":{last.ToJsonString()}";
        }
    }

    private static string Field(NameKind kind) => kind == NameKind.Customer ? StoredFields.CustomerId : StoredFields.Sku;

    private async IAsyncEnumerable<(JsonNode Id, JsonNode Bucket)> BucketsAsync(
        string request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var response = await rest.SendAsync(
            HttpMethod.POST,
            $"/{options.Alias}/_search?allow_partial_search_results=false",
            cancellationToken,
            PostData.String($$"""{"size":0,"track_total_hits":false,{{request}}}"""),
            Timeout);
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        foreach (var bucket in response.Json["aggregations"]!["names"]!["buckets"]!.AsArray())
            yield return (bucket!["key"]!, bucket);
    }
}
