using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Aggregations;
using Elastic.Clients.Elasticsearch.QueryDsl;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Facets and results in one search, though a facet ignores its own filter: filters of requested facets come after
/// the counting for the results, and each facet applies those of the others itself.
/// </summary>
internal sealed class FacetRequest
{
    private const int MaxValues = 100;
    private const string Values = "values";

    // A plain histogram has as many buckets as there are days; this one is bounded.
    private static readonly CompositeAggregation LatestDays = new()
    {
        Size = MaxValues,
        Sources =
        [
            new(Values, new()
            {
                DateHistogram = new()
                {
                    Field = StoredFields.PlacedAt,
                    CalendarInterval = "1d",
                    Format = "uuuu-MM-dd",
                    Order = SortOrder.Desc,
                },
            }),
        ],
    };

    private readonly IReadOnlyList<OrderFacet> _facets;
    private readonly Dictionary<OrderFacet, Query> _late = [];

    public FacetRequest(OrderQuery query)
    {
        _facets = query.Facets;
        List<Query> filters = [.. OrderFilter.Ranges(query.Filters)];
        foreach (var (facet, filter) in OrderFilter.ByFacet(query.Filters))
        {
            if (_facets.Contains(facet))
                _late.Add(facet, filter);
            else
                filters.Add(filter);
        }

        Query = new BoolQuery
        {
            Must = [.. TextQuery.Required(query.Text)],
            MustNot = [.. TextQuery.Excluded(query.Text)],
            Filter = filters,
        };
    }

    public Query Query { get; }

    public Query? PostFilter => _late.Count > 0 ? All(_late.Values) : null;

    public IDictionary<string, Aggregation>? Aggregations => _facets.Count == 0
        ? null
        : _facets.ToDictionary(facet => facet.ToString(), facet => new Aggregation
        {
            Filter = All(_late.Where(filter => filter.Key != facet).Select(filter => filter.Value)),
            Aggregations = new Dictionary<string, Aggregation>
            {
                [Values] = facet is OrderFacet.Day
                    ? LatestDays
                    : new TermsAggregation { Field = OrderFilter.Field(facet), Size = MaxValues },
            },
        });

    public IReadOnlyDictionary<OrderFacet, IReadOnlyList<FacetValue>> Read(AggregateDictionary? aggregations) =>
        _facets.ToDictionary(facet => facet, facet => (IReadOnlyList<FacetValue>)[.. Read(aggregations!, facet)]);

    private static IEnumerable<FacetValue> Read(AggregateDictionary aggregations, OrderFacet facet)
    {
        var filtered = aggregations.GetFilter(facet.ToString())!.Aggregations!;
        return facet is OrderFacet.Day
            ? filtered.GetComposite(Values)!.Buckets.Reverse()
                .Select(bucket => new FacetValue(bucket.Key[Values].Value!.ToString()!, bucket.DocCount))
            : filtered.GetStringTerms(Values)!.Buckets
                .Select(bucket => new FacetValue(bucket.Key.Value!.ToString()!, bucket.DocCount));
    }

    private static Query All(IEnumerable<Query> filters) => new() { Bool = new() { Filter = [.. filters] } };
}
