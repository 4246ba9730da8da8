using System.Text;
using System.Text.Json;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Writing;
using Shop.ReadModel.Names;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Names;

/// <summary>Reads names, changes them and writes those that changed, unless another process wrote them meanwhile.</summary>
internal sealed class NameWriter(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private const int PageSize = 1_000;
    private const int Attempts = 20;

    /// <summary>Returns the new document of a name; null to remove the name.</summary>
    /// <param name="stored">Null if the name is not stored.</param>
    public delegate NameDocument? Change(NameKey name, NameDocument? stored);

    /// <returns>The number of names that were written or removed.</returns>
    public async Task<int> UpdateAsync(
        string alias, IReadOnlyCollection<NameKey> names, Change change, CancellationToken cancellationToken)
    {
        var written = 0;
        foreach (var some in names.Chunk(PageSize))
        {
            var pending = some;
            for (var attempt = 0; pending.Length > 0; attempt++)
            {
                if (attempt == Attempts)
                    throw new ReadStoreUnavailableException($"Elasticsearch: names in {alias} conflict again and again.");

                var (done, conflicts) = await TryAsync(alias, pending, change, cancellationToken);
                written += done;
                pending = conflicts;
            }
        }

        return written;
    }

    public async Task<Dictionary<NameKey, StoredName>> ReadAsync(
        string alias, IReadOnlyCollection<NameKey> names, CancellationToken cancellationToken)
    {
        Dictionary<NameKey, StoredName> found = [];
        foreach (var some in names.Chunk(PageSize))
        {
            var ids = JsonSerializer.Serialize([.. some.Select(name => $"{name}")], NameDocumentJson.Default.StringArray);
            var response = await rest.ExpectAsync(
                HttpMethod.POST, $"/{alias}/_mget", $$"""{"ids":{{ids}}}""", cancellationToken);
            using var json = JsonDocument.Parse(response.Body);
            foreach (var item in json.RootElement.GetProperty("docs").EnumerateArray())
            {
                if (item.TryGetProperty("error", out var error))
                    throw new ReadStoreUnavailableException($"Elasticsearch: {error.GetProperty("reason")}");
                if (item.GetProperty("found").GetBoolean())
                    found.Add(NameKey.Parse(item.GetProperty("_id").GetString()!), StoredName.Read(item));
            }
        }

        return found;
    }

    private async Task<(int Written, NameKey[] Conflicts)> TryAsync(
        string alias, NameKey[] names, Change change, CancellationToken cancellationToken)
    {
        var stored = await ReadAsync(alias, names, cancellationToken);
        var body = new StringBuilder();
        List<NameKey> sent = [];
        foreach (var name in names)
        {
            var before = stored.GetValueOrDefault(name);
            var after = change(name, before?.Document);
            if (after == before?.Document)
                continue;

            Append(body, name, before, after);
            sent.Add(name);
        }

        if (sent.Count == 0)
            return (0, []);

        // Without require_alias, a bulk request to a missing index would create one without the mapping.
        var response = await rest.SendAsync(
            HttpMethod.POST, $"/{alias}/_bulk?require_alias=true&filter_path={BulkAnswer.FilterPath}", cancellationToken,
            PostData.String(body.ToString()), options.BulkTimeout);
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        var conflicts = sent.Zip(BulkAnswer.Read(response.Body).Items)
            .Where(item => IsConflict(item.Second.Result)).Select(item => item.First).ToArray();
        return (sent.Count - conflicts.Length, conflicts);
    }

    private static bool IsConflict(BulkItemResult result) => result.Status switch
    {
        >= 200 and < 300 => false,
        404 when result.Error is null => false, // It was removed meanwhile.
        409 or 429 => true,
        _ => throw new ReadStoreUnavailableException($"Elasticsearch: a name could not be written: {result.Error}"),
    };

    private static void Append(StringBuilder body, NameKey name, StoredName? before, NameDocument? after)
    {
        var id = JsonEncodedText.Encode($"{name}");
        var guard = before is null
            ? "\"op_type\":\"create\""
            : $"\"if_seq_no\":{before.SeqNo},\"if_primary_term\":{before.PrimaryTerm}";
        body.Append('{').Append(after is null ? "\"delete\"" : "\"index\"")
            .Append(":{\"_id\":\"").Append(id).Append("\",").Append(guard).Append("}}\n");
        if (after is not null)
            body.Append(JsonSerializer.Serialize(after, NameDocumentJson.Default.NameDocument)).Append('\n');
    }
}

internal sealed record StoredName(NameDocument? Document, long SeqNo, long PrimaryTerm)
{
    public static StoredName Read(JsonElement item)
    {
        NameDocument? document = null;
        try
        {
            document = item.GetProperty("_source").Deserialize(NameDocumentJson.Default.NameDocument);
        }
        catch (JsonException)
        {
            // Somebody edited it. It is replaced as if it was not there.
        }

        return new(document, item.GetProperty("_seq_no").GetInt64(), item.GetProperty("_primary_term").GetInt64());
    }
}
