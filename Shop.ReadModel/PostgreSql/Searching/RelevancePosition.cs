namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>A position among orders sorted newest first.</summary>
internal readonly record struct PageEdge(DateTime PlacedAt, Guid Id);

/// <summary>The start of a page by relevance.</summary>
/// <param name="Above">The oldest match of the previous window; null in the first window.</param>
/// <param name="Bottom">The oldest match of this window; null for a new window and for the last one.</param>
/// <param name="Last">The last order that was returned from this window.</param>
/// <param name="Total">What the first page said, so that further pages do not count again.</param>
internal readonly record struct RelevancePosition(
    PageEdge? Above = null, PageEdge? Bottom = null, float Rank = 0, PageEdge? Last = null, TotalHits Total = default)
{
    private const string None = "";

    public static RelevancePosition Read(PagePosition? position)
    {
        if (position is null)
            return default;

        if (position.Values is not [var rank, var at, var id, var aboveAt, var aboveId, var bottomAt, var bottomId, var total])
            throw PositionValues.Invalid();

        return new(
            Edge(aboveAt, aboveId), Edge(bottomAt, bottomId), PositionValues.ReadFloat(rank), Edge(at, id),
            PositionValues.ReadLong(total) is var count && count < 0 ? new(-count, IsLowerBound: true) : new(count, false));
    }

    public PagePosition Write() => new(
    [
        PositionValues.Write(Rank), At(Last), Id(Last), At(Above), Id(Above), At(Bottom), Id(Bottom),
        PositionValues.Write(Total.IsLowerBound ? -Total.Value : Total.Value),
    ]);

    private static PageEdge? Edge(string at, string id) => at == None && id == None
        ? null
        : new(PositionValues.ReadTime(at), PositionValues.ReadId(id));

    private static string At(PageEdge? edge) => edge is { } known ? PositionValues.Write(known.PlacedAt) : None;

    private static string Id(PageEdge? edge) => edge is { } known ? PositionValues.Write(known.Id) : None;
}
