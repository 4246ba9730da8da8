namespace Shop.ReadModel;

/// <summary>Counts the orders that a search finds, and adds up their totals.</summary>
public interface IOrderStatistics
{
    /// <param name="query">The text and the filters count; sort, size and facets are ignored.</param>
    /// <param name="timeZone">The IANA name of the time zone in which days begin and end.</param>
    /// <exception cref="TimeZoneNotFoundException">The store does not know the time zone.</exception>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<OrderStatistics> ReadAsync(OrderQuery query, string timeZone, CancellationToken cancellationToken);
}

/// <summary>
/// What a search finds, in numbers. All of them are exact. Revenue is the sum of order totals, whatever the status.
/// </summary>
/// <param name="ByDay">Days with orders, oldest first, as <c>yyyy-MM-dd</c>.</param>
/// <param name="ByCategory">
/// An order with products of several categories counts once in each, with its whole total.
/// </param>
public sealed record OrderStatistics(
    long Count,
    IReadOnlyList<Revenue> Revenue,
    IReadOnlyList<StatisticsGroup> ByStatus,
    IReadOnlyList<StatisticsGroup> ByDay,
    IReadOnlyList<StatisticsGroup> ByCategory,
    IReadOnlyList<StatisticsGroup> ByCountry,
    IReadOnlyList<StatisticsGroup> ByCurrency)
{
    internal static OrderStatistics Of(IEnumerable<StatisticsRow> rows)
    {
        var groups = rows
            .GroupBy(row => (row.Dimension, row.Value))
            .Select(group => (group.Key.Dimension, Group: StatisticsGroup.Of(group.Key.Value, group)))
            .ToLookup(group => group.Dimension, group => group.Group);
        var currencies = MostFirst(OrderFacet.Currency);
        return new(
            currencies.Sum(group => group.Count),
            [.. currencies.SelectMany(group => group.Revenue).OrderBy(sum => sum.Currency, StringComparer.Ordinal)],
            MostFirst(OrderFacet.Status),
            [.. groups[OrderFacet.Day].OrderBy(group => group.Value, StringComparer.Ordinal)],
            MostFirst(OrderFacet.Category),
            MostFirst(OrderFacet.Country),
            currencies);

        IReadOnlyList<StatisticsGroup> MostFirst(OrderFacet dimension) =>
        [
            .. groups[dimension]
                .OrderByDescending(group => group.Count)
                .ThenBy(group => group.Value, StringComparer.Ordinal),
        ];
    }
}

/// <param name="Count">The number of orders with this value.</param>
/// <param name="Revenue">The sum of their totals, by currency.</param>
public sealed record StatisticsGroup(string Value, long Count, IReadOnlyList<Revenue> Revenue)
{
    internal static StatisticsGroup Of(string value, IEnumerable<StatisticsRow> rows)
    {
        var byCurrency = rows.GroupBy(row => row.Currency).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        return new(
            value,
            byCurrency.Sum(group => group.Sum(row => row.Count)),
            [.. byCurrency.Select(group => new Revenue(group.Key, group.Sum(row => row.Amount)))]);
    }
}

/// <param name="Amount">In minor units. A sum can be greater than a 64-bit integer.</param>
public sealed record Revenue(string Currency, decimal Amount);

/// <summary>The orders of one currency with one value of a dimension.</summary>
internal readonly record struct StatisticsRow(
    OrderFacet Dimension, string Value, string Currency, long Count, decimal Amount);
