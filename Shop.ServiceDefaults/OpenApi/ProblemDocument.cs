using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shop.ServiceDefaults.Problems;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>Describes errors in the OpenAPI document.</summary>
public static class ProblemDocument
{
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Order())
            endpoint.Produces<ProblemBody>(status, ProblemBody.ContentType);
        return endpoint;
    }
}
