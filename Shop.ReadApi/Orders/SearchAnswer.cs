using Shop.ReadModel;

namespace Shop.ReadApi.Orders;

/// <param name="NextCursor">For the next page; null on the last one.</param>
internal sealed record SearchAnswer(
    IReadOnlyList<OrderItem> Items,
    FoundOrders Total,
    IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets,
    string? NextCursor,
    double TookMs,
    Freshness Freshness);

/// <param name="Relation"><c>eq</c>, or <c>gte</c> where counting stopped at the value.</param>
internal sealed record FoundOrders(long Value, string Relation)
{
    public static FoundOrders Of(TotalHits total) => new(total.Value, total.IsLowerBound ? "gte" : "eq");
}

/// <summary>How far the read side is behind the write side; nulls before the projector's first report.</summary>
/// <param name="AsOf">Everything that was committed before is found.</param>
internal sealed record Freshness(long? LagMs, DateTimeOffset? AsOf)
{
    public static Freshness Of(DateTimeOffset? asOf, DateTimeOffset now) =>
        new(asOf is { } known ? Math.Max(0, (long)(now - known).TotalMilliseconds) : null, asOf);
}
