using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Versions as searches see them, asked for by id: a fraction of what a search costs.</summary>
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
    /// Without real time a document is read from the same view of the shard as a search, so that it is here once it can
    /// be found there. The version is the document's own: a hand that changes one raises <c>_version</c> alone.
    /// </summary>
    /// <param name="preference">The copy of the shard to ask, by the same name as in the searches.</param>
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
