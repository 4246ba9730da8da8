using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Shop.ServiceDefaults.OpenApi;
using Shop.ServiceDefaults.Problems;

namespace Shop.ReadApi.Documents;

/// <summary>
/// What the OpenAPI document says of a read beyond its types: parameters bind as text so that each error can be
/// answered in words, but a client is to send numbers, booleans and names.
/// </summary>
internal static class ReadDocuments
{
    /// <param name="example">An answer, as JSON.</param>
    /// <param name="canWait">Whether the request can wait for versions, which may not be visible in time.</param>
    public static RouteHandlerBuilder DescribeRead(
        this RouteHandlerBuilder endpoint, string example, bool canWait = false) => endpoint
        .ProducesProblems(StatusCodes.Status400BadRequest)
        .Produces(
            StatusCodes.Status503ServiceUnavailable,
            canWait ? typeof(StaleProblemBody) : typeof(ProblemBody),
            ProblemBody.ContentType)
        .AddOpenApiOperationTransformer((operation, _, _) =>
        {
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
                Describe(parameter);
            foreach (var (status, answer) in operation.Responses ?? [])
                Describe(status, answer, example);
            return Task.CompletedTask;
        });

    /// <summary>Describes another representation than JSON, which the Accept header selects.</summary>
    public static RouteHandlerBuilder DescribeText(this RouteHandlerBuilder endpoint, string mediaType) =>
        endpoint.AddOpenApiOperationTransformer((operation, _, _) =>
        {
            var text = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
            operation.Responses!["200"].Content!.Add(mediaType, text);
            return Task.CompletedTask;
        });

    private static void Describe(OpenApiParameter parameter)
    {
        if (!ReadParameters.All.TryGetValue(parameter.Name!, out var known))
            return;
        var isMany = parameter.Schema?.Type?.HasFlag(JsonSchemaType.Array) is true;
        parameter.Schema = isMany ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = known.Schema } : known.Schema;
        parameter.Example = isMany ? new JsonArray(known.Example.DeepClone()) : known.Example.DeepClone();
    }

    private static void Describe(string status, IOpenApiResponse answer, string example)
    {
        if (answer is not OpenApiResponse response)
            return;
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        if (status == "503")
            response.Headers["Retry-After"] = Header("Seconds after which to try again.", JsonSchemaType.Integer);
        if (status == "200")
        {
            foreach (var type in response.Content?.Values.OfType<OpenApiMediaType>() ?? [])
                type.Example = JsonNode.Parse(example);
        }
    }

    private static OpenApiHeader Header(string description, JsonSchemaType type) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = type } };
}
