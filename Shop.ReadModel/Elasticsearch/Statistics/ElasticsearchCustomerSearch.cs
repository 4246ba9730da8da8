using System.Text.Json;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Aggregations;
using Elastic.Clients.Elasticsearch.QueryDsl;
using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Searching;

namespace Shop.ReadModel.Elasticsearch.Statistics;

internal sealed class ElasticsearchCustomerSearch(SearchSender sender) : ICustomerSearch
{
    private const string Customers = "customers";
    private const string Latest = "latest";
    private const string Order = "order";

    public async Task<IReadOnlyList<FoundCustomer>> SearchAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken)
    {
        if (!text.HasRequired)
            return [];

        var request = new SearchRequest
        {
            Query = new BoolQuery { Filter = [TextQuery.OfCustomer(text), .. OrderFilter.Scope(scope)] },
            Size = 0,
            TrackTotalHits = new(false),
            Aggregations = new Dictionary<string, Aggregation> { [Customers] = MostOrders(limit) },
        };
        var response = await sender.SendAsync(request, cancellationToken)
            ?? throw new ReadStoreUnavailableException("Elasticsearch rejected the search for customers.");
        return
        [
            .. response.Aggregations.GetProperty(Customers).GetProperty("buckets").EnumerateArray().Select(bucket =>
            {
                var order = bucket.GetProperty(Order).GetProperty("hits").GetProperty("hits")[0].GetProperty("_source")
                    .Deserialize(ContractsJson.Default.OrderDocument)!;
                return new FoundCustomer(order.Customer, bucket.GetProperty("doc_count").GetInt64(), order.PlacedAt);
            }),
        ];
    }

    private static Aggregation MostOrders(int limit) => new()
    {
        Terms = new()
        {
            Field = StoredFields.CustomerId,
            Size = limit,
            Order = [new("_count", SortOrder.Desc), new(Latest, SortOrder.Desc), new("_key", SortOrder.Asc)],
        },
        Aggregations = new Dictionary<string, Aggregation>
        {
            [Latest] = new MaxAggregation { Field = StoredFields.PlacedAt },
            [Order] = new TopHitsAggregation
            {
                Size = 1,
                Sort = [StoredFields.PlacedAt.Descending(), StoredFields.Id.Descending()],
            },
        },
    };
}
