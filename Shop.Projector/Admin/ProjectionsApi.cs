using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Projector.Projections;

namespace Shop.Projector.Admin;

/// <summary>The read models beside the orders.</summary>
internal static class ProjectionsApi
{
    private const string Path = "/projections";

    public static void MapProjections(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (IEnumerable<ProjectionState> projections) =>
                TypedResults.Ok(projections.Select(projection => projection.Status)))
            .WithName("ListProjections").WithSummary("The read models beside the orders, and how far each is behind");
        routes.MapPost($"{Path}/{{name}}/rebuild", Rebuild)
            .WithName("RebuildProjection").WithSummary("Fills a read model beside the orders from the write database");
    }

    private static Results<Accepted<ProjectionStatus>, ProblemHttpResult> Rebuild(
        string name, IEnumerable<ProjectionState> projections)
    {
        if (projections.FirstOrDefault(projection => projection.Projection.Name == name) is not { } found)
        {
            return TypedResults.Problem(
                $"There is no projection '{name}'. GET {Path} lists them.",
                statusCode: StatusCodes.Status404NotFound,
                extensions: new Dictionary<string, object?> { ["code"] = "projection.not-found" });
        }

        found.Add(ProjectionRequest.Rebuild);
        return TypedResults.Accepted(Path, found.Status);
    }
}
