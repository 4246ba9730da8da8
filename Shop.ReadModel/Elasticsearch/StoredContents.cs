using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Reads the stored documents for a deep comparison. Each page is a search of its own that continues after the last
/// id, so that the cluster keeps no context between pages.
/// </summary>
internal static class StoredContents
{
    private const int PageSize = 500;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    public static async IAsyncEnumerable<StoredContent> HashesAsync(
        ElasticsearchRest rest, string alias, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await rest.ExpectAsync(HttpMethod.POST, $"/{alias}/_refresh", "", cancellationToken);
        string? after = null;
        while (true)
        {
            using var page = await SearchAsync(rest, alias, after, cancellationToken);
            var hits = page.RootElement.GetProperty("hits").GetProperty("hits");
            if (hits.GetArrayLength() == 0)
                yield break;

            foreach (var hit in hits.EnumerateArray())
                yield return Read(hit);

            after = hits[hits.GetArrayLength() - 1].GetProperty("sort").GetRawText();
        }
    }

    private static async Task<JsonDocument> SearchAsync(
        ElasticsearchRest rest, string alias, string? after, CancellationToken cancellationToken)
    {
        var searchAfter = after is null ? "" : $""","search_after":{after}""";
        var body = $$"""{"size":{{PageSize}},"sort":["id"],"track_total_hits":false{{searchAfter}}}""";
        var response = await rest.SendAsync(
            HttpMethod.POST,
            $"/{alias}/_search?allow_partial_search_results=false",
            cancellationToken,
            PostData.String(body),
            Timeout);
        return response.IsSuccess
            ? JsonDocument.Parse(response.Body)
            : throw new ReadStoreUnavailableException(
                $"Elasticsearch responded with {response.Status} to a search of {alias}. Try again when the index exists.");
    }

    // The server returns the source byte by byte as it was written, unless the response is filtered with filter_path.
    private static StoredContent Read(JsonElement hit)
    {
        var source = hit.GetProperty("_source");
        var version = source.TryGetProperty("version", out var value)
            && value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out var stored) ? stored : 0;
        return new(
            hit.GetProperty("_id").GetGuid(), version, StoredContent.HashOf(JsonMarshal.GetRawUtf8Value(source)));
    }
}
