using Microsoft.AspNetCore.Http.HttpResults;

namespace Shop.Projector.Auditing;

internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/audit", Start).WithName("StartAudit")
            .WithSummary("Asks for an audit; GET tells what it found");
        routes.MapGet("/audit", Get).WithName("GetAudit")
            .WithSummary("Whether an audit runs, and what the last one found");
    }

    private static Accepted<AuditStatus> Start(AuditRequests requests, Auditor auditor)
    {
        requests.Request("on request");
        return TypedResults.Accepted("/audit", auditor.Status);
    }

    private static Ok<AuditStatus> Get(Auditor auditor) => TypedResults.Ok(auditor.Status);
}
