using System.Globalization;
using System.Text;
using System.Text.Json;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Searching;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Streaming;

/// <summary>
/// Each write to a shard has a sequence number, which searches can use. A refresh can make a number visible before a lower
/// one whose write has not finished, so reads overlap by <see cref="Settling"/>.
/// </summary>
internal sealed class ElasticsearchOrderChanges(
    ElasticsearchRest rest, ElasticsearchSchema schema, SearchSender sender) : IOrderChanges
{
    private const int PageSize = 1_000;

    private readonly Dictionary<string, int> _shards = [];

    public TimeSpan Settling => TimeSpan.FromSeconds(2);

    public async Task<OrderChanges> ReadAsync(
        string? after, IReadOnlyDictionary<Guid, long> known, CancellationToken cancellationToken)
    {
        var live = (await schema.ReadAsync(cancellationToken)).LiveOrThrow();
        var shards = await CountShardsAsync(live, cancellationToken);
        if (after is null || Position.Parse(after) is not { } start || start.Index != live || start.Numbers.Length != shards)
        {
            return OrderChanges.None(
                await ReadPresentAsync(live, shards, cancellationToken), isReset: after is not null);
        }

        var numbers = start.Numbers.ToArray();
        Dictionary<Guid, long> found = [];
        var hasMore = false;
        for (var shard = 0; shard < shards; shard++)
        {
            var hits = await SearchAsync(live, shard, numbers[shard], isDescending: false, cancellationToken);
            hasMore |= hits.Count == PageSize;
            foreach (var hit in hits)
            {
                numbers[shard] = hit.Number;
                found[hit.Id] = hit.Version;
            }
        }

        Guid[] unknown = [.. found.Where(hit => known.GetValueOrDefault(hit.Key) < hit.Value).Select(hit => hit.Key)];
        var orders = await ReadDocumentsAsync(live, unknown, cancellationToken);
        return new(orders, found, $"{new Position(live, numbers)}", hasMore);
    }

    private async Task<string> ReadPresentAsync(string index, int shards, CancellationToken cancellationToken)
    {
        var numbers = new long[shards];
        for (var shard = 0; shard < shards; shard++)
        {
            var newest = await SearchAsync(index, shard, after: -1, isDescending: true, cancellationToken);
            numbers[shard] = newest is [var hit, ..] ? hit.Number : -1;
        }

        return $"{new Position(index, numbers)}";
    }

    /// <summary>The sort values contain all that is needed, so no document is fetched.</summary>
    private async Task<List<Hit>> SearchAsync(
        string index, int shard, long after, bool isDescending, CancellationToken cancellationToken)
    {
        var body = $$"""
            {
              "query": { "range": { "_seq_no": { "gt": {{after}} } } },
              "sort": [{ "_seq_no": "{{(isDescending ? "desc" : "asc")}}" }, "id", "version"],
              "size": {{(isDescending ? 1 : PageSize)}}, "_source": false, "track_total_hits": false
            }
            """;
        var path = $"/{index}/_search?preference=_shards:{shard}%7C{sender.Preference}&allow_partial_search_results=false";
        var answer = await rest.ExpectAsync(HttpMethod.POST, path, body, cancellationToken);
        return [.. SearchResponseReader.Read(answer.Body).Hits.Select(hit => new Hit(
            long.Parse(hit.Sort[0], CultureInfo.InvariantCulture), Guid.Parse(hit.Sort[1]),
            long.Parse(hit.Sort[2], CultureInfo.InvariantCulture)))];
    }

    private async Task<List<StoredOrder>> ReadDocumentsAsync(
        string index, Guid[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
            return [];

        // As in StoredVersions: a get without realtime reads the same view of the shard as a search.
        var response = await rest.SendAsync(
            HttpMethod.POST, $"/{index}/_mget?realtime=false&preference={sender.Preference}", cancellationToken,
            PostData.String(JsonSerializer.Serialize(new { ids })));
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        using var document = JsonDocument.Parse(response.Body);
        return
        [
            .. document.RootElement.GetProperty("docs").EnumerateArray()
                .Where(found => found.TryGetProperty("_source", out _))
                .Select(found => new StoredOrder(
                    Encoding.UTF8.GetBytes(found.GetProperty("_source").GetRawText()))),
        ];
    }

    private async ValueTask<int> CountShardsAsync(string index, CancellationToken cancellationToken)
    {
        lock (_shards)
        {
            if (_shards.TryGetValue(index, out var known))
                return known;
        }

        var answer = await rest.ExpectAsync(
            HttpMethod.GET, $"/{index}/_settings/index.number_of_shards", "", cancellationToken);
        var count = int.Parse(
            (string)answer.Json[index]!["settings"]!["index"]!["number_of_shards"]!, CultureInfo.InvariantCulture);
        lock (_shards)
            return _shards[index] = count;
    }

    private readonly record struct Hit(long Number, Guid Id, long Version);

    /// <param name="Index">Each generation has its own numbers.</param>
    /// <param name="Numbers">The last sequence number that was read, by shard.</param>
    private sealed record Position(string Index, long[] Numbers)
    {
        public static Position? Parse(string text)
        {
            if (text.Split('!') is not [var index, var numbers])
                return null;

            List<long> read = [];
            foreach (var number in numbers.Split('_'))
            {
                if (!long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                    return null;
                read.Add(value);
            }

            return new(index, [.. read]);
        }

        public override string ToString() =>
            $"{Index}!{string.Join('_', Numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)))}";
    }
}
