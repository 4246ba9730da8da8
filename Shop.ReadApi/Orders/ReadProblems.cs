using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadModel.Consistency;
using Shop.ServiceDefaults.Problems;

namespace Shop.ReadApi.Orders;

/// <summary>The refusals of the read side, each with its stable code.</summary>
internal static class ReadProblems
{
    private const string RetryAfterSeconds = "1";

    /// <param name="errors">What was wrong, by parameter.</param>
    public static ProblemHttpResult Invalid(IReadOnlyDictionary<string, string[]> errors) => Problem(
        StatusCodes.Status400BadRequest,
        ProblemCodes.Invalid,
        $"Not understood: {string.Join(", ", errors.Keys)}.",
        ("errors", errors));

    public static ProblemHttpResult InvalidCursor(string reason) => Problem(
        StatusCodes.Status400BadRequest,
        "cursor.invalid",
        $"{reason} Start again without a cursor.",
        ("errors", new Dictionary<string, string[]> { ["cursor"] = [reason] }));

    public static ProblemHttpResult NotFound(Guid id) => Problem(
        StatusCodes.Status404NotFound,
        "order.not-found",
        $"The read side has no order {id}. If it was placed just now, ask with waitFor={id}:1.");

    public static ProblemHttpResult Unavailable(HttpResponse response)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(
            StatusCodes.Status503ServiceUnavailable,
            "read-side.unavailable",
            "The read store does not answer, or not wholly. Nothing was found out; try again.");
    }

    /// <summary>Says for each order that is late what was asked for and what is visible now.</summary>
    public static ProblemHttpResult Stale(HttpResponse response, IReadOnlyList<StaleVersion> late)
    {
        response.Headers.RetryAfter = RetryAfterSeconds;
        return Problem(
            StatusCodes.Status503ServiceUnavailable,
            "read-side.stale",
            "The read side has not come that far yet; 'visible' says how far it is.",
            ("visible", late.Select(order => new { id = order.OrderId, version = order.Visible, order.Awaited })));
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
