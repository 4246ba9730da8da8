using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

internal sealed class PostgreSqlOrderSearch(NpgsqlDataSource dataSource, FacetOptions options) : IOrderSearch
{
    /// <summary>The statement of <see cref="SearchableVersionsAsync"/>.</summary>
    public const string SearchableVersions =
        $"SELECT id, version, customer_id FROM {PostgreSqlSchema.Summaries} WHERE id = ANY($1)";

    private const int TimeoutSeconds = 5;

    public Task<OrderSearchPage> SearchAsync(
        OrderQuery query, CancellationToken cancellationToken) => Guarded(async () =>
    {
        query = await SimilarWords.WithKnownAsync(query, dataSource, cancellationToken);
        var conditions = new SearchConditions(query);
        var plan = await SearchPlan.MakeAsync(query, conditions, dataSource, options, cancellationToken);
        var page = plan.Page;
        var counted = plan.Facets.FirstOrDefault(counts => counts.IsTotal);
        var needsCount = plan.Total is null && !page.IsCounted && counted is null;
        await using var batch = new SearchBatch(dataSource);
        batch.Add(parameters => page.Write(conditions, parameters));
        if (needsCount)
            batch.Add(parameters => SearchCounts.Total(conditions, parameters));
        foreach (var counts in plan.Facets)
            batch.Add(parameters => counts.Write(conditions, parameters));

        await using var reader = await batch.ReadAsync(cancellationToken);
        var orders = await page.ReadAsync(reader, cancellationToken);
        var known = needsCount ? await TotalAsync() : plan.Total;
        Dictionary<OrderFacet, IReadOnlyList<FacetValue>> facets = [];
        foreach (var counts in plan.Facets)
        {
            await reader.NextResultAsync(cancellationToken);
            await counts.ReadAsync(reader, facets, cancellationToken);
        }

        var total = known ?? SearchCounts.Total(counted?.Matches ?? page.Matches);
        return new OrderSearchPage(
            [.. orders.Select(order => order.For(query.Scope))], total, facets, page.Next(total))
        {
            EstimatedFacets = [.. plan.Facets.Where(counts => counts.IsEstimate).SelectMany(counts => counts.Facets)],
        };

        async Task<TotalHits> TotalAsync()
        {
            await reader.NextResultAsync(cancellationToken);
            return await SearchCounts.ReadTotalAsync(reader, cancellationToken);
        }
    });

    public Task<StoredOrder?> GetAsync(
        Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken) => Guarded(async () =>
    {
        await using var command = dataSource.CreateCommand();
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue(id);
        var select = $"SELECT document FROM {PostgreSqlSchema.Documents} WHERE id = $1";
        command.CommandText = SearchConditions.Scope(scope, command.Parameters) is { } isOwn
            ? $"{select} AND EXISTS (SELECT FROM {PostgreSqlSchema.Summaries} WHERE id = $1 AND {isOwn})"
            : select;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? reader.GetOrder(0).For(scope) : null;
    });

    public Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) => Guarded(async () =>
    {
        await using var command = dataSource.CreateCommand(SearchableVersions);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue(ids.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<Guid, VisibleVersion> versions = [];
        while (await reader.ReadAsync(cancellationToken))
            versions.Add(reader.GetGuid(0), new(reader.GetInt64(1), reader.GetGuid(2)));

        return (IReadOnlyDictionary<Guid, VisibleVersion>)versions;
    });

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
        Guarded(() => PostgreSqlFreshness.ReadAsync(dataSource, TimeoutSeconds, cancellationToken));

    private static Task<T> Guarded<T>(Func<Task<T>> read) => PostgreSqlErrors.Guarded(read());
}
