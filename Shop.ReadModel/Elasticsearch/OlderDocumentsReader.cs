using System.Text.Json.Nodes;
using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Finds documents of an index that are older than given versions.</summary>
internal static class OlderDocumentsReader
{
    private const string Query = "_source_includes=version&filter_path=docs._id,docs._source,docs.error";

    public static async Task<List<Guid>> FindOlderAsync(
        this ElasticsearchRest rest, string alias, IReadOnlyList<OrderVersion> versions,
        CancellationToken cancellationToken)
    {
        List<Guid> older = [];
        foreach (var some in versions.Chunk(1_000))
        {
            var limits = some.ToDictionary(order => order.Id, order => order.Version);
            var body = new JsonObject { ["ids"] = new JsonArray([.. some.Select(order => JsonValue.Create(order.Id))]) };
            var answer = await rest.ExpectAsync(
                HttpMethod.POST, $"/{alias}/_mget?{Query}", body.ToJsonString(), cancellationToken);
            foreach (var document in answer.Json["docs"]?.AsArray() ?? [])
            {
                if (document!["error"] is { } error)
                    throw new ReadStoreUnavailableException($"Elasticsearch: {error["reason"]}");
                var id = document["_id"]!.GetValue<Guid>();
                if (document["_source"]?["version"]?.GetValue<long>() < limits[id])
                    older.Add(id);
            }
        }

        return older;
    }
}
