using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Projector.Projecting;
using Shop.Projector.Projections;
using Shop.Projector.Reconciling;

namespace Shop.Projector.Admin;

internal static class ReconcileApi
{
    private const string Path = "/reconcile";

    public static void MapReconcile(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Start).WithName("StartReconciliation")
            .WithSummary("Compares the read store with the write database and repairs it; GET shows the result");
        routes.MapGet(Path, (Reconciler reconciler) => TypedResults.Ok(reconciler.Status)).WithName("GetReconciliation")
            .WithSummary("Whether a reconciliation is running, and what the last one found");
    }

    /// <param name="deep">
    /// Whether to compare the content of documents of equal version, too; projections are rebuilt instead.
    /// </param>
    /// <param name="confirm">
    /// The identity of the write database whose state is accepted, even if that removes documents from the read store.
    /// </param>
    private static Accepted<ReconciliationStatus> Start(
        ReconciliationRequests requests, Reconciler reconciler, IEnumerable<ProjectionState> projections,
        bool deep = false, Guid? confirm = null)
    {
        requests.Add(new("requested") { IsDeep = deep, Confirmed = confirm, IsUrgent = true });
        projections.Request(deep ? ProjectionRequest.Rebuild : ProjectionRequest.Reconcile);
        return TypedResults.Accepted(Path, reconciler.Status);
    }
}
