using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Projector.Projections;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

internal static class RebuildApi
{
    private const string Path = "/rebuild";

    public static void MapRebuild(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("").AddEndpointFilter(MapUnavailableAsync);
        group.MapPost(Path, async (
                RebuildWorker worker, IEnumerable<ProjectionState> projections, CancellationToken token) =>
            {
                projections.Request(ProjectionRequest.Rebuild);
                return await StartAsync(worker, false, token);
            })
            .WithName("StartRebuild")
            .WithSummary("Fills a shadow index, verifies it and makes it live; GET shows the progress. Projections are rebuilt, too");
        group.MapGet(Path, async (RebuildWorker worker, CancellationToken token) =>
                TypedResults.Ok(await worker.GetStatusAsync(token)))
            .WithName("GetRebuild")
            .WithSummary("Shows the index generations, the progress of a rebuild or rollback, and the outcome of the last one");
        group.MapDelete(Path, CancelAsync).WithName("CancelRebuild")
            .WithSummary("Cancels the running rebuild or rollback; the live generation stays as it is");
        group.MapPost("/rollback", (RebuildWorker worker, CancellationToken token) => StartAsync(worker, true, token))
            .WithName("StartRollback")
            .WithSummary("Brings the previous generation up to date and makes it live again");
    }

    private static async Task<Results<Accepted<RebuildStatus>, ProblemHttpResult>> StartAsync(
        RebuildWorker worker, bool isRollback, CancellationToken cancellationToken) =>
        await worker.StartAsync(isRollback, cancellationToken) switch
        {
            StartOutcome.Started => TypedResults.Accepted(Path, await worker.GetStatusAsync(cancellationToken)),
            StartOutcome.NoPrevious => Problem(
                StatusCodes.Status404NotFound, "rebuild.no-previous", "There is no previous generation to roll back to."),
            _ => Problem(
                StatusCodes.Status409Conflict, "rebuild.running", "A rebuild or rollback is running. See GET /rebuild."),
        };

    private static async Task<Results<Ok<RebuildStatus>, ProblemHttpResult>> CancelAsync(
        RebuildWorker worker, CancellationToken cancellationToken) =>
        await worker.CancelAsync(cancellationToken)
            ? TypedResults.Ok(await worker.GetStatusAsync(cancellationToken))
            : Problem(StatusCodes.Status404NotFound, "rebuild.none", "No rebuild or rollback is running.");

    private static async ValueTask<object?> MapUnavailableAsync(
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
