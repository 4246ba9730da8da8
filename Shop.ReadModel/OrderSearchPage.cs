namespace Shop.ReadModel;

/// <param name="Next">The position at which the next page starts; null on the last page.</param>
public sealed record OrderSearchPage(
    IReadOnlyList<StoredOrder> Orders,
    TotalHits Total,
    IReadOnlyDictionary<OrderFacet, IReadOnlyList<FacetValue>> Facets,
    PagePosition? Next)
{
    /// <summary>The facets whose counts are estimates, because too many orders were found to count them.</summary>
    public IReadOnlyList<OrderFacet> EstimatedFacets { get; init; } = [];
}

/// <param name="IsLowerBound">Whether counting stopped at <paramref name="Value"/>.</param>
public readonly record struct TotalHits(long Value, bool IsLowerBound);

/// <param name="Count">The number of orders with this value, each counted once.</param>
public sealed record FacetValue(string Value, long Count);
