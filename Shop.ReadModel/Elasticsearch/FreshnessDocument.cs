using System.Globalization;
using System.Text.Json.Nodes;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Up to when each partition is complete: one small document in an index of its own.</summary>
internal sealed class FreshnessDocument(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private const string Field = "asOf";
    private const int Conflict = 409;

    private string Index => options.Alias + "-freshness";

    public async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        if ((await rest.SendAsync(HttpMethod.HEAD, "/" + Index, cancellationToken)).IsSuccess)
            return;

        // Partitions are no fields: the mapping does not grow with them.
        const string Body = $$$"""
            {
              "settings": { "number_of_shards": 1, "auto_expand_replicas": "0-1" },
              "mappings": {
                "dynamic": "strict",
                "properties": { "{{{Field}}}": { "type": "object", "enabled": false } }
              }
            }
            """;
        await rest.ExpectAsync(HttpMethod.PUT, "/" + Index, Body, cancellationToken, accepted: 400);
    }

    /// <summary>Moves these partitions forward; the others stay as they are.</summary>
    public async Task SaveAsync(IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (partitions, guard) = await ReadDocumentAsync(cancellationToken);
            foreach (var (partition, moment) in asOf)
                Raise(partitions, partition.ToString(CultureInfo.InvariantCulture), moment);

            var body = new JsonObject { [Field] = partitions }.ToJsonString();
            var answer = await rest.ExpectAsync(
                HttpMethod.PUT, $"/{Index}/_doc/1?{guard}", body, cancellationToken, accepted: Conflict);
            if (answer.IsSuccess)
                return;
        }
    }

    public async Task<DateTimeOffset?> ReadAsync(CancellationToken cancellationToken)
    {
        var (partitions, _) = await ReadDocumentAsync(cancellationToken);
        return partitions.Count > 0 ? partitions.Min(partition => partition.Value!.GetValue<DateTimeOffset>()) : null;
    }

    private static void Raise(JsonObject partitions, string partition, DateTimeOffset moment)
    {
        if (partitions[partition] is not { } stored || stored.GetValue<DateTimeOffset>() < moment)
            partitions[partition] = moment.ToUniversalTime();
    }

    /// <returns>The partitions, and what a write has to ask for so that it overwrites nothing else.</returns>
    private async Task<(JsonObject Partitions, string Guard)> ReadDocumentAsync(CancellationToken cancellationToken)
    {
        var answer = await rest.ExpectAsync(HttpMethod.GET, $"/{Index}/_doc/1", "", cancellationToken, accepted: 404);
        var document = answer.Json;
        if (document["error"] is { } error)
            throw new ReadStoreUnavailableException($"Elasticsearch: {error["reason"]}");

        if (document["_source"]?[Field] is not JsonObject partitions)
            return ([], "op_type=create");

        var guard = $"if_seq_no={document["_seq_no"]}&if_primary_term={document["_primary_term"]}";
        return (partitions.DeepClone().AsObject(), guard);
    }
}
