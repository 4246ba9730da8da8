using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadApi.Documents;
using Shop.ReadModel.Consistency;
using Shop.ServiceDefaults.Problems;

namespace Shop.ReadApi.Orders;

/// <summary>The problem responses of the read API, each with a stable code.</summary>
internal static class ReadProblems
{
    private const string RetryAfterSeconds = "1";

    /// <param name="errors">Error messages by parameter.</param>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) => Problem(
        StatusCodes.Status400BadRequest,
        ProblemCodes.Invalid,
        string.Join(" ", errors.Values.SelectMany(messages => messages)),
        ("errors", errors));

    public static ProblemHttpResult InvalidCursor(string reason) => Problem(
        StatusCodes.Status400BadRequest,
        "cursor.invalid",
        $"{reason} Request the first page without a cursor.",
        ("errors", new Dictionary<string, string[]> { ["cursor"] = [reason] }));

    public static ProblemHttpResult NotFound(Guid id) => Problem(
        StatusCodes.Status404NotFound,
        "order.not-found",
        $"There is no order {id}. If it was placed a moment ago, add waitFor={id}:1.");

    public static ProblemHttpResult NoCustomer(Guid id) => Problem(
        StatusCodes.Status404NotFound,
        "customer.not-found",
        $"There is no order of a customer {id}. If one was placed a moment ago, try again.");

    /// <param name="etag">Of the visible version, in its quotes.</param>
    public static ProblemHttpResult OtherVersion(string etag) => Problem(
        StatusCodes.Status412PreconditionFailed,
        "request.stale",
        $"If-Match does not allow the visible version, {etag}.");

    public static ProblemHttpResult Unavailable(HttpResponse response) =>
        TryAgain(response, "read-side.unavailable", "The read store is not available. Try again.");

    public static ProblemHttpResult TooSlow(HttpResponse response, TimeSpan timeout) => TryAgain(
        response,
        "read-side.unavailable",
        $"The request took longer than {timeout.TotalSeconds} seconds and was cancelled.");

    public static ProblemHttpResult TooManyStreams(HttpResponse response) => TryAgain(
        response, "live.full", "This service has as many live streams as it allows. Try again, or search.");

    public static ProblemHttpResult TooManyExports(HttpResponse response) => TooMany(
        response, "export.busy", "This service runs as many exports as it allows. Try again when one of them has ended.");

    public static ProblemHttpResult TooManyStatistics(HttpResponse response) => TooMany(
        response, "statistics.busy", "As many requests for statistics wait for their turn as this service allows. Try again.");

    /// <summary>Lists the awaited and the visible version of each order that is late.</summary>
    public static ProblemHttpResult Stale(HttpResponse response, IReadOnlyList<StaleVersion> late) => TryAgain(
        response,
        "read-side.stale",
        "The awaited version is not visible yet. 'visible' lists the versions that are.",
        ("visible", late.Select(order => new LateVersion(order.OrderId, order.Visible, order.Awaited))));

    private static ProblemHttpResult TooMany(HttpResponse response, string code, string detail)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(StatusCodes.Status429TooManyRequests, code, detail);
    }

    private static ProblemHttpResult TryAgain(
        HttpResponse response, string code, string detail, params ReadOnlySpan<(string Name, object Value)> members)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(StatusCodes.Status503ServiceUnavailable, code, detail, members);
    }

    private static ProblemHttpResult Problem(
        int status, string code, string detail, params ReadOnlySpan<(string Name, object Value)> members)
    {
        Dictionary<string, object?> extensions = new() { [ProblemCodes.Member] = code };
        foreach (var (name, value) in members)
            extensions[name] = value;

        return TypedResults.Problem(detail, statusCode: status, extensions: extensions);
    }
}
