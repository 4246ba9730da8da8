using System.Text.Json;
using Elastic.Clients.Elasticsearch.Aggregations;
using Elastic.Clients.Elasticsearch.QueryDsl;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>
/// Counts facets and finds orders in one search. A facet ignores its own filter, so the filters of requested facets are
/// post filters, and each facet's aggregation applies those of the other facets. An aggregation without any is not
/// nested, because Elasticsearch counts frequent values without reading each order then.
/// </summary>
internal sealed class FacetRequest
{
    private const int MaxValues = 100;
    private const string Values = "values";

    private static readonly DateHistogramAggregation Days = new()
    {
        Field = StoredFields.PlacedAt,
        CalendarInterval = CalendarInterval.Day,
        Format = "uuuu-MM-dd",
        MinDocCount = 1, // Buckets exist only for days with orders, so their number is bounded.
    };

    private static readonly RangeAggregation Totals = new()
    {
        Field = StoredFields.Total,
        Ranges = [.. TotalRange.All.Select(range => new AggregationRange { Key = range.Name, From = range.From, To = range.To + 1 })],
    };

    private readonly IReadOnlyList<OrderFacet> _facets;
    private readonly Dictionary<OrderFacet, Query> _postFilters = [];

    public FacetRequest(OrderQuery query)
    {
        _facets = query.Facets;
        List<Query> filters = [.. OrderFilter.Scope(query.Scope), .. OrderFilter.Ranges(query.Filters)];
        foreach (var (facet, filter) in OrderFilter.ByFacet(query.Filters))
        {
            if (_facets.Contains(facet))
                _postFilters.Add(facet, filter);
            else
                filters.Add(filter);
        }

        // An order that lacks two of them is neither found nor counted.
        if (_postFilters.Count > 1)
            filters.Add(new BoolQuery { Should = [.. _postFilters.Values], MinimumShouldMatch = _postFilters.Count - 1 });

        Query = new BoolQuery
        {
            Must = [.. TextQuery.Required(query.Text)],
            Should = [.. TextQuery.Near(query.Text)],
            MustNot = [.. TextQuery.Excluded(query.Text)],
            Filter = filters,
        };
    }

    public Query Query { get; }

    public Query? PostFilter => _postFilters.Count > 0 ? All(_postFilters.Values) : null;

    public IDictionary<string, Aggregation>? Aggregations => _facets.Count == 0
        ? null
        : _facets.ToDictionary(facet => facet.ToString(), AggregationOf);

    /// <param name="aggregations">The response's member of this name.</param>
    public IReadOnlyDictionary<OrderFacet, IReadOnlyList<FacetValue>> Read(JsonElement aggregations) =>
        _facets.ToDictionary(facet => facet, facet => (IReadOnlyList<FacetValue>)[.. Read(aggregations, facet)]);

    private static IEnumerable<FacetValue> Read(JsonElement aggregations, OrderFacet facet)
    {
        var aggregation = aggregations.GetProperty(facet.ToString());
        var values = aggregation.TryGetProperty(Values, out var nested) ? nested : aggregation;
        return values.GetProperty("buckets").EnumerateArray()
            .Select(bucket => new FacetValue(
                bucket.GetProperty(facet is OrderFacet.Day ? "key_as_string" : "key").GetString()!,
                bucket.GetProperty("doc_count").GetInt64()))
            .Where(value => value.Count > 0);
    }

    private Aggregation AggregationOf(OrderFacet facet)
    {
        Aggregation values = facet switch
        {
            OrderFacet.Day => Days,
            OrderFacet.Total => Totals,
            _ => new TermsAggregation { Field = OrderFilter.Field(facet), Size = MaxValues },
        };
        Query[] others = [.. _postFilters.Where(filter => filter.Key != facet).Select(filter => filter.Value)];
        return others.Length == 0
            ? values
            : new() { Filter = All(others), Aggregations = new Dictionary<string, Aggregation> { [Values] = values } };
    }

    private static Query All(IEnumerable<Query> filters) => new() { Bool = new() { Filter = [.. filters] } };
}
