using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>
/// Stores the reports of projectors and the origin of the documents, in one document in its own index.
/// </summary>
internal sealed class FreshnessDocument(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const int Conflict = 409;

    private string Index => options.Alias + "-freshness";

    public async Task EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        // No field is mapped, because the document is only read by id.
        const string Mapping = """{ "dynamic": false }""";
        const string Body = $$"""
            {
              "settings": { "number_of_shards": 1, "auto_expand_replicas": "0-1" },
              "mappings": {{Mapping}}
            }
            """;
        // An index of another version may have a mapping that refuses this version's document.
        if ((await rest.SendAsync(HttpMethod.HEAD, "/" + Index, cancellationToken)).IsSuccess)
            await rest.ExpectAsync(HttpMethod.PUT, $"/{Index}/_mapping", Mapping, cancellationToken);
        else
            await rest.ExpectAsync(HttpMethod.PUT, "/" + Index, Body, cancellationToken, accepted: BadRequest);
    }

    /// <summary>Replaces the entries for the partitions of a report. The other entries are kept.</summary>
    public Task SaveAsync(FreshnessReport report, CancellationToken cancellationToken) => UpdateAsync(
        document =>
        {
            var partitions = document.Partitions.ToDictionary();
            foreach (var (partition, asOf) in report.AsOf)
            {
                var stored = partitions.GetValueOrDefault(partition)?.AsOf;
                partitions[partition] = new(stored > asOf || asOf is null ? stored : asOf, report.SavedAt, report.Problem);
            }

            return document with { Partitions = partitions, Count = report.PartitionCount ?? document.Count };
        },
        cancellationToken);

    /// <returns>The recorded id.</returns>
    public async Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken)
    {
        var saved = await UpdateAsync(
            document => document.DatabaseId is null || replaces ? document with { DatabaseId = id } : document,
            cancellationToken);
        return saved.DatabaseId!.Value;
    }

    public async Task<Freshness?> ReadAsync(CancellationToken cancellationToken)
    {
        var (document, _) = await ReadDocumentAsync(cancellationToken);
        return document.Partitions.Count > 0
            ? new(document.Partitions, document.Count, document.DatabaseId)
            : null;
    }

    private async Task<StoredFreshness> UpdateAsync(
        Func<StoredFreshness, StoredFreshness> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (document, guard) = await ReadDocumentAsync(cancellationToken);
            var changed = change(document);
            if (changed == document)
                return document;

            var body = JsonSerializer.Serialize(changed, FreshnessJson.Default.StoredFreshness);
            var answer = await rest.ExpectAsync(
                HttpMethod.PUT, $"/{Index}/_doc/1?{guard}", body, cancellationToken, accepted: Conflict);
            if (answer.IsSuccess)
                return changed;
        }
    }

    /// <returns>The document, and the condition that keeps a write from overwriting a concurrent one.</returns>
    private async Task<(StoredFreshness Document, string Guard)> ReadDocumentAsync(CancellationToken cancellationToken)
    {
        var answer = await rest.ExpectAsync(
            HttpMethod.GET, $"/{Index}/_doc/1", "", cancellationToken, accepted: NotFound);
        var found = answer.Json;
        if (found["error"] is { } error)
            throw new ReadStoreUnavailableException($"Elasticsearch: {error["reason"]}");
        if (found["_source"] is not { } source)
            return (new StoredFreshness(), "op_type=create");

        var guard = $"if_seq_no={found["_seq_no"]}&if_primary_term={found["_primary_term"]}";
        return (Parse(source), guard);
    }

    // A document in the format of another version counts as empty. The next report, within a second, replaces it.
    private static StoredFreshness Parse(JsonNode source)
    {
        try
        {
            return source.Deserialize(FreshnessJson.Default.StoredFreshness) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }
}

internal sealed record StoredFreshness
{
    private static readonly Dictionary<int, PartitionFreshness> None = [];

    // A source-generated serializer sets null where the member is missing.
    public IReadOnlyDictionary<int, PartitionFreshness> Partitions { get => field ?? None; init; } = None;

    public int? Count { get; init; }

    public Guid? DatabaseId { get; init; }
}

[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredFreshness))]
internal sealed partial class FreshnessJson : JsonSerializerContext;
