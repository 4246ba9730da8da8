using Shop.Contracts;

namespace Shop.ReadModel;

public sealed record OrderSearchPage(
    IReadOnlyList<OrderHit> Hits,
    TotalHits Total,
    IReadOnlyDictionary<OrderFacet, IReadOnlyList<FacetValue>> Facets,
    PagePosition? Next);

/// <param name="Highlights">By field name, fragments with the matches in <c>&lt;mark&gt;</c>; HTML-encoded else.</param>
public sealed record OrderHit(OrderDocument Document, IReadOnlyDictionary<string, IReadOnlyList<string>>? Highlights);

/// <param name="IsLowerBound">True where counting stopped at <paramref name="Value"/>.</param>
public readonly record struct TotalHits(long Value, bool IsLowerBound);

/// <param name="Count">Orders that have the value, each counted once.</param>
public sealed record FacetValue(string Value, long Count);
