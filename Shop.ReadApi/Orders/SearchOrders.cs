using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadApi.Queries;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Orders;

internal static class SearchOrders
{
    public static async Task<Results<SearchResult, ProblemHttpResult>> HandleAsync(
        [AsParameters] SearchRequest request,
        [AsParameters] SearchServices services,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(response.HttpContext.Request.Query);
        var query = reader.ReadSearch(request, services.Scope);
        var awaited = reader.ReadWaitFor(request.WaitFor);
        var timeout = reader.ReadWaitTimeout(request.WaitTimeoutMs);
        var isHighlighted = reader.ReadHighlight(request.Highlight);
        reader.IsRepeated("cursor");
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        if (request.Cursor is { Length: > 0 } cursor)
            query = await ContinueAsync(cursor, query, services, cancellationToken);

        if (await services.Awaiter.WaitAsync(awaited, services.Scope, timeout, cancellationToken) is { Count: > 0 } late)
            return ReadProblems.Stale(response, late);

        return await SearchAsync(query, isHighlighted, services, cancellationToken);
    }

    public static async Task<SearchResult> SearchAsync(
        OrderQuery query, bool isHighlighted, SearchServices services, CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        var reading = services.Freshness.ReadAsync(cancellationToken);
        var page = await services.Search.SearchAsync(query, cancellationToken);
        string? corrected = null;
        if (page.Total.Value == 0 && await services.Corrector.CorrectAsync(query, cancellationToken) is { } similar)
        {
            (query, corrected) = (similar, similar.Text.ToString());
            page = await services.Search.SearchAsync(query, cancellationToken);
        }

        var freshness = await reading;
        return new SearchResult(
            page.Orders,
            new(
                Items: [],
                TotalResponse.Of(page.Total),
                page.Facets.ToDictionary(facet => SearchReading.NameOf(facet.Key), facet => facet.Value),
                page.Next is { } next ? services.Cursors.Encode(next, query) : null,
                Math.Round(services.Time.GetElapsedTime(started).TotalMilliseconds, 1),
                FreshnessResponse.Of(freshness?.AsOf, services.Time.GetUtcNow()),
                corrected,
                [.. page.EstimatedFacets.Select(SearchReading.NameOf)]),
            isHighlighted ? Highlight(page.Orders, query.Text) : null);
    }

    /// <summary>A cursor belongs to the words that were found, which can be corrected ones.</summary>
    private static async Task<OrderQuery> ContinueAsync(
        string cursor, OrderQuery query, SearchServices services, CancellationToken cancellationToken)
    {
        try
        {
            return query with { After = services.Cursors.Decode(cursor, query) };
        }
        catch (InvalidCursorException) when (query.Text.HasRequired)
        {
            var corrected = await services.Corrector.CorrectAsync(query, cancellationToken) ?? query;
            return corrected with { After = services.Cursors.Decode(cursor, corrected) };
        }
    }

    private static List<IReadOnlyDictionary<string, IReadOnlyList<string>>> Highlight(
        IReadOnlyList<StoredOrder> orders, SearchText text)
    {
        var highlighter = new SearchHighlighter(text);
        return [.. orders.Select(order => highlighter.Highlight(order.Document))];
    }
}

internal sealed record SearchServices(
    CallerScope Scope, IOrderSearch Search, VersionAwaiter Awaiter, FreshnessReader Freshness, CursorCodec Cursors,
    SearchCorrector Corrector, TimeProvider Time);
