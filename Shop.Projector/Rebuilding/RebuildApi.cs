using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

internal static class RebuildApi
{
    private const string Path = "/rebuild";

    public static void MapRebuild(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AddEndpointFilter(TellUnavailableAsync);
        group.MapPost(Path, (Rebuilder rebuilder, CancellationToken token) => StartAsync(rebuilder, false, token))
            .WithName("StartRebuild")
            .WithSummary("Fills a second copy of the documents, verifies it and lets readers see it; GET tells how far");
        group.MapGet(Path, async (Rebuilder rebuilder, CancellationToken token) =>
                TypedResults.Ok(await rebuilder.GetStatusAsync(token)))
            .WithName("GetRebuild")
            .WithSummary("How far a rebuild or rollback is, and what became of the last one");
        group.MapDelete(Path, CancelAsync).WithName("CancelRebuild")
            .WithSummary("Drops the copy that is being filled, or puts it back where a rollback took it from");
        group.MapPost("/rollback", (Rebuilder rebuilder, CancellationToken token) => StartAsync(rebuilder, true, token))
            .WithName("StartRollback")
            .WithSummary("Brings the earlier copy up to date and lets readers see it again");
    }

    private static async Task<Results<Accepted<RebuildStatus>, ProblemHttpResult>> StartAsync(
        Rebuilder rebuilder, bool isRollback, CancellationToken cancellationToken) =>
        await rebuilder.StartAsync(isRollback, cancellationToken) switch
        {
            StartOutcome.Started => TypedResults.Accepted(Path, await rebuilder.GetStatusAsync(cancellationToken)),
            StartOutcome.NoEarlierCopy => Problem(
                StatusCodes.Status404NotFound, "rebuild.no-earlier-copy", "There is no earlier copy to go back to."),
            _ => Problem(
                StatusCodes.Status409Conflict, "rebuild.running", "A rebuild or rollback is under way; see GET /rebuild."),
        };

    private static async Task<Results<Ok<RebuildStatus>, ProblemHttpResult>> CancelAsync(
        Rebuilder rebuilder, CancellationToken cancellationToken) =>
        await rebuilder.CancelAsync(cancellationToken)
            ? TypedResults.Ok(await rebuilder.GetStatusAsync(cancellationToken))
            : Problem(StatusCodes.Status404NotFound, "rebuild.none", "No rebuild or rollback is under way.");

    private static async ValueTask<object?> TellUnavailableAsync(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ReadStoreUnavailableException exception)
        {
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return Problem(StatusCodes.Status503ServiceUnavailable, "read-side.unavailable", exception.Message);
        }
    }

    private static ProblemHttpResult Problem(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
