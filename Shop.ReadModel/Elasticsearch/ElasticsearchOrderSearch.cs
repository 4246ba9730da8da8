using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Core.Search;
using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch;

internal sealed class ElasticsearchOrderSearch(
    ElasticsearchClient client,
    StoredVersions stored,
    FreshnessDocument freshness,
    ElasticsearchOptions options) : IOrderSearch
{
    private const int CountedAtMost = 10_000;
    private const int MaxIds = 1_000;

    // One process keeps to one copy of a shard while it can: what it has seen once it does not miss a moment later.
    private readonly string _preference = Guid.CreateVersion7().ToString("N");
    private readonly string _timeout = $"{(int)(options.RequestTimeout.TotalMilliseconds * 0.8)}ms";

    public async Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        var order = ResultOrder.Of(query);
        var facets = new FacetRequest(query);
        var point = query.After?.PointInTime is { } id ? new PointInTime(id) : default(PointInTime?);
        var request = new SearchRequest<OrderDocument>
        {
            Query = facets.Query,
            PostFilter = facets.PostFilter,
            Aggregations = facets.Aggregations,
            Sort = [.. order.Fields],
            SearchAfter = query.After is { } after ? order.Read(after) : null,
            Size = query.Size + 1, // One more than asked for says whether there is a next page.
            TrackTotalHits = new(CountedAtMost),
            Timeout = _timeout,
            AllowPartialSearchResults = false,
        };
        if (point is { } given)
            request.Pit = new(given.Id) { KeepAlive = options.CursorLifetime };
        else
            (request.Indices, request.Preference) = (options.Alias, _preference);

        var response = await SendAsync(request, point, cancellationToken);
        var highlighter = query.Highlight ? new SearchHighlighter(query.Text) : null;
        return new(
            [
                .. response.Hits.Take(query.Size)
                    .Select(hit => new OrderHit(hit.Source!, highlighter?.Highlight(hit.Source!))),
            ],
            Total(response),
            facets.Read(response.Aggregations),
            await NextAsync(query, order, response, point, cancellationToken));
    }

    public async Task<OrderDocument?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken)
    {
        var request = new GetRequest(options.Alias, id.ToString("D"));
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.GetAsync<OrderDocument>(request, cancellationToken), cancellationToken);
        if (response.Found)
            return response.Source;

        // An answer about the document names it; an index that is not there answers 404 too.
        return response is { ApiCallDetails.HttpStatusCode: 404, Id.Length: > 0 }
            ? null
            : throw ElasticsearchErrors.Unavailable(response.ApiCallDetails);
    }

    public async Task<IReadOnlyDictionary<Guid, long>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        Dictionary<Guid, long> versions = [];
        foreach (var chunk in ids.Chunk(MaxIds))
        {
            foreach (var (id, version) in await stored.SearchableAsync(chunk, _preference, cancellationToken))
                versions.Add(id, version);
        }

        return versions;
    }

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
        freshness.ReadAsync(cancellationToken);

    private async Task<SearchResponse<OrderDocument>> SendAsync(
        SearchRequest<OrderDocument> request, PointInTime? point, CancellationToken cancellationToken)
    {
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.SearchAsync<OrderDocument>(request, cancellationToken), cancellationToken);
        // 404: the server no longer keeps the point in time. 400: it never was one.
        return point is not null && response.ApiCallDetails.HttpStatusCode is 404 or 400
            ? throw new InvalidCursorException("The cursor has expired.")
            : response.OrThrowUnlessComplete();
    }

    private static TotalHits Total(SearchResponse<OrderDocument> response) => response.HitsMetadata.Total?.Match(
        hits => new TotalHits(hits!.Value, hits.Relation is TotalHitsRelation.Gte),
        count => new TotalHits(count, false)) ?? default;

    /// <summary>
    /// Where the next page starts. The point in time is opened as late as the first page is known to have a second
    /// one: most searches have none.
    /// </summary>
    private async Task<PagePosition?> NextAsync(
        OrderQuery query,
        ResultOrder order,
        SearchResponse<OrderDocument> response,
        PointInTime? point,
        CancellationToken cancellationToken)
    {
        if (response.Hits.Count <= query.Size)
            return null;

        point = point is null
            ? await PointInTime.OpenAsync(client, options.Alias, options.CursorLifetime, cancellationToken, _preference)
            : new(response.PitId ?? point.Value.Id);
        return order.Write(response.Hits.ElementAt(query.Size - 1).Sort!, point.Value.Id);
    }
}
