using System.Text.Json;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Aggregations;
using Shop.ReadModel.Elasticsearch.Searching;

namespace Shop.ReadModel.Elasticsearch.Statistics;

/// <summary>
/// Composite aggregations, which return every value and not only the most frequent ones. The sums of a search are
/// doubles, which are exact up to 2^53. A greater sum is added up here from the counts of each total.
/// </summary>
internal sealed class ElasticsearchOrderStatistics(SearchSender sender) : IOrderStatistics
{
    private const int PageSize = 10_000;
    private const double MaxExact = 9_007_199_254_740_992;
    private const string Value = "value";
    private const string Currency = "currency";
    private const string Amount = "amount";

    private static readonly OrderFacet[] Dimensions =
        [OrderFacet.Currency, OrderFacet.Status, OrderFacet.Country, OrderFacet.Category, OrderFacet.Day];

    public async Task<OrderStatistics> ReadAsync(
        OrderQuery query, string timeZone, CancellationToken cancellationToken)
    {
        var found = new FacetRequest(query with { Facets = [] }).Query;
        var groupings = Dimensions.Select(dimension => new Grouping(dimension, timeZone)).ToList();
        await ReadAsync(groupings, found, cancellationToken);
        List<Grouping> exact = [.. groupings.Where(grouping => grouping.IsRounded).Select(grouping => grouping.ByAmount())];
        await ReadAsync(exact, found, cancellationToken);
        return OrderStatistics.Of(exact
            .Concat(groupings.Where(grouping => !grouping.IsRounded))
            .SelectMany(grouping => grouping.Rows));
    }

    private async Task ReadAsync(
        List<Grouping> groupings, Elastic.Clients.Elasticsearch.QueryDsl.Query found, CancellationToken cancellationToken)
    {
        while (groupings.Where(grouping => !grouping.IsComplete).ToDictionary(grouping => $"{grouping.Dimension}")
            is { Count: > 0 } open)
        {
            var request = new SearchRequest
            {
                Query = found,
                Size = 0,
                TrackTotalHits = new(false),
                Aggregations = open.ToDictionary(grouping => grouping.Key, grouping => grouping.Value.NextPage()),
            };
            // The only part of the request that a server can reject is the time zone.
            var response = await sender.SendAsync(request, cancellationToken)
                ?? throw new TimeZoneNotFoundException("Elasticsearch does not know the time zone.");
            foreach (var (name, grouping) in open)
                grouping.Read(response.Aggregations.GetProperty(name));
        }
    }

    /// <summary>The orders by one dimension and currency, and if necessary by total.</summary>
    private sealed class Grouping(OrderFacet dimension, string timeZone, bool isByAmount = false)
    {
        private IDictionary<Field, FieldValue>? _after;

        public OrderFacet Dimension => dimension;
        public bool IsComplete { get; private set; }
        public bool IsRounded { get; private set; }
        public List<StatisticsRow> Rows { get; } = [];

        public Grouping ByAmount() => new(dimension, timeZone, isByAmount: true);

        public Aggregation NextPage() => new()
        {
            Composite = new()
            {
                Size = PageSize,
                After = _after,
                Sources =
                [
                    new(Value, ValueSource),
                    new(Currency, new() { Terms = new() { Field = StoredFields.Currency } }),
                    .. isByAmount ? AmountSource : [],
                ],
            },
            Aggregations = isByAmount
                ? null
                : new Dictionary<string, Aggregation> { [Amount] = new SumAggregation { Field = StoredFields.Total } },
        };

        public void Read(JsonElement page)
        {
            var buckets = page.GetProperty("buckets");
            foreach (var bucket in buckets.EnumerateArray())
                Rows.Add(ReadRow(bucket));

            IsComplete = buckets.GetArrayLength() < PageSize;
            if (!IsComplete)
            {
                _after = page.GetProperty("after_key").EnumerateObject().ToDictionary(
                    part => new Field(part.Name),
                    part => part.Value.ValueKind is JsonValueKind.Number
                        ? FieldValue.Long(part.Value.GetInt64())
                        : FieldValue.String(part.Value.GetString()!));
            }
        }

        private static KeyValuePair<string, CompositeAggregationSource>[] AmountSource =>
            [new(Amount, new() { Terms = new() { Field = StoredFields.Total } })];

        private CompositeAggregationSource ValueSource => dimension is OrderFacet.Day
            ? new()
            {
                DateHistogram = new()
                {
                    Field = StoredFields.PlacedAt,
                    CalendarInterval = "1d",
                    Format = "uuuu-MM-dd",
                    TimeZone = timeZone,
                },
            }
            : new() { Terms = new() { Field = OrderFilter.Field(dimension) } };

        private StatisticsRow ReadRow(JsonElement bucket)
        {
            var (key, count) = (bucket.GetProperty("key"), bucket.GetProperty("doc_count").GetInt64());
            return new(
                dimension, key.GetProperty(Value).GetString()!, key.GetProperty(Currency).GetString()!, count,
                isByAmount ? key.GetProperty(Amount).GetInt64() * (decimal)count : ReadSum(bucket));
        }

        private long ReadSum(JsonElement bucket)
        {
            var sum = bucket.GetProperty(Amount).GetProperty(Value).GetDouble();
            IsRounded |= sum >= MaxExact;
            return (long)sum;
        }
    }
}
