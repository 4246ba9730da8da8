using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Orders;

internal static class SearchOrders
{
    public static async Task<Results<Ok<SearchAnswer>, ProblemHttpResult>> HandleAsync(
        [AsParameters] SearchRequest request,
        IOrderSearch search,
        VersionAwaiter awaiter,
        FreshnessReader freshness,
        CursorCodec cursors,
        TimeProvider time,
        HttpResponse response,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader();
        var query = reader.ReadSearch(request);
        var awaited = reader.ReadWaitFor(request.WaitFor);
        var timeout = reader.ReadWaitTimeout(request.WaitTimeoutMs);
        if (reader.Errors.Count > 0)
            return ReadProblems.Invalid(reader.Errors);

        if (request.Cursor is { Length: > 0 } cursor)
            query = query with { After = cursors.Decode(cursor, query) };

        if (await awaiter.WaitAsync(awaited, timeout, cancellationToken) is { Count: > 0 } late)
            return ReadProblems.Stale(response, late);

        var started = time.GetTimestamp();
        var reading = freshness.ReadAsync(cancellationToken);
        var page = await search.SearchAsync(query, cancellationToken);
        return TypedResults.Ok(new SearchAnswer(
            [.. page.Hits.Select(hit => OrderItem.Of(hit.Document) with { Highlights = hit.Highlights })],
            FoundOrders.Of(page.Total),
            page.Facets.ToDictionary(facet => SearchReading.NameOf(facet.Key), facet => facet.Value),
            page.Next is { } next ? cursors.Encode(next, query) : null,
            Math.Round(time.GetElapsedTime(started).TotalMilliseconds, 1),
            Freshness.Of((await reading)?.AsOf, time.GetUtcNow())));
    }
}
