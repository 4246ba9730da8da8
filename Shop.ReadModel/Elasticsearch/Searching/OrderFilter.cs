using System.Globalization;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.QueryDsl;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>The filters of a search as queries, one for each filter.</summary>
internal static class OrderFilter
{
    /// <summary>The filter that confines a search to the caller's orders. No facet ignores it.</summary>
    public static IEnumerable<Query> Scope(CallerScope scope)
    {
        if (scope.CustomerId is { } customer)
            yield return new TermQuery(StoredFields.CustomerId, customer.ToString("D"));
    }

    /// <summary>The filters that have a facet, by facet.</summary>
    public static IReadOnlyDictionary<OrderFacet, Query> ByFacet(OrderFilters filters)
    {
        Dictionary<OrderFacet, Query> queries = [];
        Add(OrderFacet.Status, filters.Statuses);
        Add(OrderFacet.Customer, [.. filters.CustomerIds.Select(id => id.ToString("D"))]);
        Add(OrderFacet.Sku, filters.Skus);
        Add(OrderFacet.Category, filters.Categories);
        Add(OrderFacet.Country, filters.Countries);
        Add(OrderFacet.Currency, filters.Currencies);
        if (filters.TotalFrom is not null || filters.TotalTo is not null)
        {
            queries.Add(
                OrderFacet.Total,
                new UntypedRangeQuery(StoredFields.Total) { Gte = filters.TotalFrom, Lte = filters.TotalTo });
        }

        return queries;

        void Add(OrderFacet facet, IReadOnlyList<string> values)
        {
            if (values.Count > 0)
            {
                var terms = new TermsQueryField([.. values.Select(FieldValue.String)]);
                queries.Add(facet, new TermsQuery(Field(facet), terms));
            }
        }
    }

    /// <summary>The filters without a facet.</summary>
    public static IEnumerable<Query> Ranges(OrderFilters filters)
    {
        if (filters.PlacedFrom is not null || filters.PlacedBefore is not null)
        {
            yield return new DateRangeQuery(StoredFields.PlacedAt)
            {
                Gte = Moment(filters.PlacedFrom),
                Lt = Moment(RoundUp(filters.PlacedBefore)),
            };
            var (from, before) = (WithinMillisecond(filters.PlacedFrom), WithinMillisecond(filters.PlacedBefore));
            if (from is not null || before is not null)
                yield return Exactly(from, before);
        }
    }

    public static string Field(OrderFacet facet) => facet switch
    {
        OrderFacet.Status => StoredFields.Status,
        OrderFacet.Customer => StoredFields.CustomerId,
        OrderFacet.Sku => StoredFields.Sku,
        OrderFacet.Category => StoredFields.Category,
        OrderFacet.Country => StoredFields.Country,
        OrderFacet.Currency => StoredFields.Currency,
        _ => throw new ArgumentOutOfRangeException(nameof(facet), facet, "Unknown facet."),
    };

    // Without the exact time, an order lies outside the bounds of that type: there, milliseconds decide.
    private static BoolQuery Exactly(DateTimeOffset? from, DateTimeOffset? before) => new()
    {
        Should =
        [
            new DateRangeQuery(StoredFields.PlacedAtExact) { Gte = Moment(from), Lt = Moment(before) },
            new BoolQuery { MustNot = [new ExistsQuery(StoredFields.PlacedAtExact)] },
        ],
        MinimumShouldMatch = 1,
    };

    /// <returns>Null if the milliseconds of the time decide.</returns>
    private static DateTimeOffset? WithinMillisecond(DateTimeOffset? bound) =>
        bound is { } value && value.Ticks % TimeSpan.TicksPerMillisecond > 0 && value.Year is >= 1970 and < 2262
            ? bound
            : null;

    // Dates are indexed in milliseconds. An end within a millisecond includes the whole millisecond, so that no order
    // is missed.
    private static DateTimeOffset? RoundUp(DateTimeOffset? end) =>
        end is { } value && value.Ticks % TimeSpan.TicksPerMillisecond is > 0 and var part
            && value < DateTimeOffset.MaxValue.AddMilliseconds(-1)
            ? value.AddTicks(TimeSpan.TicksPerMillisecond - part)
            : end;

    private static DateMath? Moment(DateTimeOffset? moment) => moment is { } value
        ? DateMath.FromString(value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture))
        : null;
}
