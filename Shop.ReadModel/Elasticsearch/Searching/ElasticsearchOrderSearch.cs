using Elastic.Clients.Elasticsearch;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>
/// Searches and looks up orders in one round trip each. Queries are built with the typed client. Responses are read as
/// bytes, and the documents in them are not parsed.
/// </summary>
internal sealed class ElasticsearchOrderSearch(
    ElasticsearchRest rest,
    SearchSender sender,
    StoredVersions stored,
    FreshnessDocument freshness,
    ElasticsearchOptions options) : IOrderSearch
{
    private const int MaxCounted = 10_000;
    private const int MaxIds = 1_000;

    public async Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        var order = ResultOrder.Of(query);
        var facets = new FacetRequest(query);
        var request = new SearchRequest
        {
            Query = facets.Query,
            PostFilter = facets.PostFilter,
            Aggregations = facets.Aggregations,
            Sort = [.. order.Fields],
            SearchAfter = query.After is { } after ? order.Read(after) : null,
            Size = query.Size + 1, // The additional order shows whether there is a next page.
            TrackTotalHits = new(MaxCounted),
        };

        var response = await sender.SendAsync(request, cancellationToken) ?? throw Rejected(query);
        return new(
            [.. response.Hits.Take(query.Size).Select(hit => new StoredOrder(hit.Source).For(query.Scope))],
            response.Total,
            facets.Read(response.Aggregations),
            response.Hits.Count > query.Size ? new(response.Hits[query.Size - 1].Sort) : null);
    }

    public async Task<StoredOrder?> GetAsync(
        Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken)
    {
        var response = await rest.SendAsync(HttpMethod.GET, $"/{options.Alias}/_doc/{id:D}", cancellationToken);
        var document = GetResponse.Read(response.Body);
        if (document.Source is { } source)
        {
            var order = new StoredOrder(source);
            return scope.Includes(order) ? order.For(scope) : null;
        }

        // A missing index is also a 404, but only a response about a document contains its id.
        return document.HasId ? null : throw ElasticsearchErrors.Unexpected(response);
    }

    public async Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        Dictionary<Guid, VisibleVersion> versions = [];
        foreach (var chunk in ids.Chunk(MaxIds))
        {
            foreach (var (id, version) in await stored.SearchableAsync(chunk, sender.Preference, cancellationToken))
                versions.Add(id, version);
        }

        return versions;
    }

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
        freshness.ReadAsync(cancellationToken);

    private static Exception Rejected(OrderQuery query) => query.After is null
        ? new ReadStoreUnavailableException("Elasticsearch rejected the search.")
        : ResultOrder.InvalidPosition();
}
