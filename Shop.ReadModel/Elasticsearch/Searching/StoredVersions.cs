using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>Reads the versions that searches find, by id, at a fraction of the cost of a search.</summary>
internal sealed class StoredVersions(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private const string Query =
        "realtime=false&_source_includes=version&filter_path=docs._id,docs._source.version,docs.error,error";

    /// <summary>The stored JSON of those of the orders that have a document, as of now.</summary>
    public async Task<IReadOnlyDictionary<Guid, ReadOnlyMemory<byte>>> ReadDocumentsAsync(
        IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };
        var answer = await rest.ExpectAsync(
            HttpMethod.POST, $"/{options.Alias}/_mget", body.ToJsonString(), cancellationToken);
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.GetProperty("docs").EnumerateArray()
            .Where(document => document.TryGetProperty("_source", out _))
            .ToDictionary(
                document => document.GetProperty("_id").GetGuid(),
                document => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(document.GetProperty("_source").GetRawText()));
    }

    /// <summary>
    /// A get without <c>realtime</c> reads the same view of the shard as a search. The version is the document's own:
    /// edits outside of Shop raise <c>_version</c> only.
    /// </summary>
    /// <param name="preference">The preference of the searches, which selects the shard copy.</param>
    public async Task<IEnumerable<(Guid Id, long Version)>> SearchableAsync(
        IEnumerable<Guid> ids, string preference, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["ids"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) };
        var answer = await rest.ExpectAsync(
            HttpMethod.POST,
            $"/{options.Alias}/_mget?preference={preference}&{Query}",
            body.ToJsonString(),
            cancellationToken);
        var documents = answer.Json["docs"]?.AsArray() ?? [];
        if (documents.FirstOrDefault(document => document!["error"] is not null) is { } failed)
            throw new ReadStoreUnavailableException($"Elasticsearch: {failed["error"]!["reason"]}");

        return
            from document in documents
            where document["_source"] is not null
            select (document["_id"]!.GetValue<Guid>(), document["_source"]!["version"]!.GetValue<long>());
    }
}
