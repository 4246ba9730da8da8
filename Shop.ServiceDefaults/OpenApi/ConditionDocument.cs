using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>Describes the conditional requests of RFC 9110 in the OpenAPI document.</summary>
public static class ConditionDocument
{
    /// <summary>Describes If-None-Match, If-Match, ETag and 304 of an endpoint that reads one resource.</summary>
    public static RouteHandlerBuilder DescribeConditions(this RouteHandlerBuilder endpoint) => endpoint
        .Produces(StatusCodes.Status304NotModified)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(IfNoneMatch(
                "ETags that the client has. If the current version is one of them, the response is 304."));
            operation.Parameters.Add(IfMatch());
            DescribeETag(operation, "200", "304", "412");
            return Task.CompletedTask;
        });

    /// <summary>Describes the ETag of the responses that have one.</summary>
    public static void DescribeETag(OpenApiOperation operation, params string[] statuses)
    {
        foreach (var status in statuses)
        {
            if (operation.Responses?.GetValueOrDefault(status) is not OpenApiResponse response)
                continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers["ETag"] = new OpenApiHeader
            {
                Description = "The current version, in double quotes.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }

    /// <summary>The header that guards a version.</summary>
    public static OpenApiParameter IfMatch() => Header(
        "If-Match", "The ETag of the expected version. If the current version is another one, the response is 412.");

    /// <summary>The header with versions that are not expected.</summary>
    public static OpenApiParameter IfNoneMatch(string description) => Header("If-None-Match", description);

    private static OpenApiParameter Header(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["\"1\""] },
    };
}
