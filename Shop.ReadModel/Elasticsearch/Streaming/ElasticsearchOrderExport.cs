using System.Globalization;
using System.Runtime.CompilerServices;
using Elastic.Clients.Elasticsearch;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Searching;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Streaming;

/// <summary>
/// Pages of a point in time, which is the snapshot. They are in the order of the index, the newest first: in another one,
/// each page would visit all orders.
/// </summary>
internal sealed class ElasticsearchOrderExport(
    ElasticsearchClient client, ElasticsearchRest rest, ElasticsearchOptions options) : IOrderExport
{
    private const int PageSize = 200;

    /// <summary>How long a caller may take for a page.</summary>
    private const string KeepAlive = "2m";

    public async IAsyncEnumerable<StoredOrder> ReadAsync(
        OrderQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sorted = query with { Sort = OrderSort.Newest, Facets = [] };
        var (found, order) = (new FacetRequest(sorted).Query, ResultOrder.Of(sorted));
        var point = await PointInTime.OpenAsync(client, options.Alias, KeepAlive, cancellationToken);
        try
        {
            ICollection<FieldValue>? after = null;
            while (true)
            {
                var hits = await ReadPageAsync(
                    new()
                    {
                        Pit = new(point.Id) { KeepAlive = KeepAlive },
                        Query = found,
                        Sort = [.. order.Fields],
                        SearchAfter = after,
                        Size = PageSize,
                        TrackTotalHits = new(false),
                    },
                    cancellationToken);
                foreach (var hit in hits)
                    yield return new StoredOrder(hit.Source).For(query.Scope);

                if (hits.Count < PageSize)
                    yield break;

                // The point in time adds the document's number as the last sort value.
                var last = hits[^1].Sort;
                var number = FieldValue.Long(long.Parse(last[^1], CultureInfo.InvariantCulture));
                after = [.. order.Read(new([.. last.SkipLast(1)])), number];
            }
        }
        finally
        {
            await point.CloseAsync(client);
        }
    }

    private async Task<List<SearchHit>> ReadPageAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        var response = await rest.SendAsync(
            HttpMethod.POST, "/_search?allow_partial_search_results=false", cancellationToken,
            PostData.Serializable(request));
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        var page = SearchResponseReader.Read(response.Body);
        return page.IsComplete
            ? page.Hits
            : throw new ReadStoreUnavailableException("Elasticsearch: the export missed a shard.");
    }
}
