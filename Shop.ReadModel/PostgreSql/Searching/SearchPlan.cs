using Npgsql;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// How a search is executed. A search that finds many orders is not counted to the end: a sample, one in 64 orders,
/// says first how many there are, where the newest thousand begin, and whether facets are counted or estimated.
/// </summary>
/// <param name="Total">The total, if it is certain already.</param>
internal sealed record SearchPlan(SearchPage Page, TotalHits? Total, IReadOnlyList<FacetCounts> Facets)
{
    /// <summary>
    /// An estimate above this leaves no doubt that the total's limit is exceeded: if it were not, so many orders would
    /// be in the sample once in billions of searches.
    /// </summary>
    private const int CertainlyMore = SearchCounts.CountedAtMost * 3 / 2;

    public static async Task<SearchPlan> MakeAsync(
        OrderQuery query, SearchConditions conditions, NpgsqlDataSource dataSource, FacetOptions options,
        CancellationToken cancellationToken)
    {
        // Facets that ignore the same filter are counted together.
        var groups = query.Facets.GroupBy(facet => conditions.HasFilter(facet) ? facet : (OrderFacet?)null).ToList();
        if (groups.Count == 0 && !SearchPage.IsByRelevance(query))
            return new(SearchPage.Of(query, default), null, []);

        var start = SearchPage.IsByRelevance(query) ? RelevancePosition.Read(query.After) : default;
        var total = start == default ? (TotalHits?)null : start.Total;
        if (groups.Count == 0 && start.Last is not null)
            return new(SearchPage.Of(query, await SearchEstimate.OfNewestAsync(dataSource, cancellationToken)), total, []);

        List<OrderFacet?> sampled = [null, .. groups.Select(group => group.Key).Where(ignored => ignored is not null)];
        await using var batch = new SearchBatch(dataSource);
        foreach (var ignored in sampled)
            batch.Add(parameters => SearchEstimate.Write(conditions, ignored, start.Above, parameters));

        await using var reader = await batch.ReadAsync(cancellationToken);
        List<SearchEstimate> estimates = [];
        foreach (var _ in sampled)
        {
            estimates.Add(await SearchEstimate.ReadAsync(reader, cancellationToken));
            await reader.NextResultAsync(cancellationToken);
        }

        return new(
            SearchPage.Of(query, estimates[0]),
            total ?? (estimates[0].Matches > CertainlyMore
                ? new(SearchCounts.CountedAtMost, IsLowerBound: true)
                : null),
            [.. groups.Select(group => new FacetCounts([.. group], group.Key, SampleOf(group.Key)))]);

        int SampleOf(OrderFacet? ignored) =>
            Sample(estimates[sampled.IndexOf(ignored)].Matches, options.CountedFacetOrders);
    }

    /// <returns>
    /// The level of the sample that is counted: 0 for all orders if there are no more than <paramref name="counted"/>,
    /// otherwise the largest one that has no more than half as many.
    /// </returns>
    private static int Sample(long matches, int counted)
    {
        if (matches <= counted)
            return 0;

        var level = 1;
        while (matches >> level > counted / 2 && level < Lexemes.MaxSample)
            level++;
        return level;
    }
}
