using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Projector.DeadLetters;
using Shop.Projector.Reconciling;

namespace Shop.Projector.Admin;

internal static class DeadLettersApi
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/dead-letters");
        group.MapGet("/", (DeadLetterList list) => list.List()).WithName("ListDeadLetters")
            .WithSummary("Orders whose newest event could not be projected: the newest 1,000");
        group.MapPost("/{orderId}/retry", RetryAsync).WithName("RetryDeadLetter")
            .WithSummary("Projects the order again from what the write database has now");
        group.MapPost("/retry-all", RetryAllAsync).WithName("RetryAllDeadLetters")
            .WithSummary("Projects every listed order again");
    }

    private static async Task<Results<Ok<RetryResult>, ProblemHttpResult>> RetryAsync(
        string orderId, DeadLetterRetry retry, CancellationToken cancellationToken) =>
        await retry.RetryAsync(orderId, cancellationToken) is { } result
            ? TypedResults.Ok(result)
            : TypedResults.Problem(
                $"Order '{orderId}' has no dead letter.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?> { ["code"] = "dead-letter.not-found" });

    private static async Task<Ok<List<RetryResult>>> RetryAllAsync(
        DeadLetterRetry retry, CancellationToken cancellationToken) =>
        TypedResults.Ok(await retry.RetryAllAsync(cancellationToken));
}
