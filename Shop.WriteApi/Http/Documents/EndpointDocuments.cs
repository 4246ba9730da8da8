using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Shop.WriteApi.Idempotency;

namespace Shop.WriteApi.Http.Documents;

/// <summary>What the OpenAPI document says of an endpoint beyond its types.</summary>
internal static class EndpointDocuments
{
    private static readonly int[] EveryCommand =
    [
        StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable,
    ];

    private static readonly int[] EveryQuery =
        [StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable];

    /// <summary>Describes an endpoint that changes something.</summary>
    /// <param name="example">A body, as JSON.</param>
    /// <param name="refusals">Statuses beyond those of every command.</param>
    public static RouteHandlerBuilder DescribeCommand<TAnswer>(
        this RouteHandlerBuilder endpoint, string summary, int status, string? example, params int[] refusals) =>
        endpoint
            .WithSummary(summary)
            .Produces<TAnswer>(status, "application/json")
            .ProducesProblems([.. EveryCommand, .. refusals])
            .AddOpenApiOperationTransformer((operation, context, _) =>
            {
                var isPost = HttpMethods.IsPost(context.Description.HttpMethod!);
                AddRequestHeaders(operation, isPost, hasPrecondition: refusals.Contains(412));
                AddResponseHeaders(operation, status, isPost);
                if (example is not null && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } body)
                    body.Example = JsonNode.Parse(example);
                return Task.CompletedTask;
            });

    /// <summary>Describes an endpoint that only reads.</summary>
    public static RouteHandlerBuilder DescribeQuery<TAnswer>(
        this RouteHandlerBuilder endpoint, string summary, string contentType, params int[] refusals) =>
        endpoint
            .WithSummary(summary)
            .Produces<TAnswer>(StatusCodes.Status200OK, contentType)
            .ProducesProblems([.. EveryQuery, .. refusals])
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                AddResponseHeaders(operation, StatusCodes.Status200OK, isPost: false);
                return Task.CompletedTask;
            });

    private static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses.Order())
            endpoint.Produces<ProblemAnswer>(status, Answer.ProblemJson);
        return endpoint;
    }

    private static void AddRequestHeaders(OpenApiOperation operation, bool isPost, bool hasPrecondition)
    {
        operation.Parameters ??= [];
        if (isPost)
        {
            operation.Parameters.Add(Header(
                IdempotencyKey.Header,
                "Makes the request safe to repeat: the same key and body are answered as the first time, for 24 hours.",
                Text("order-2026-0001", Limits.IdempotencyKey)));
        }

        if (hasPrecondition)
        {
            operation.Parameters.Add(Header(
                "If-Match", "The ETag of the version that may be changed; any other is 412.", Text("\"1\"", null)));
        }
    }

    private static void AddResponseHeaders(OpenApiOperation operation, int success, bool isPost)
    {
        foreach (var (status, answer) in operation.Responses ?? [])
        {
            if (answer is not OpenApiResponse response)
                continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            if (status == $"{success}" || status == "412")
                response.Headers["ETag"] = ResponseHeader("The version, in double quotes.");
            if (status == "201")
                response.Headers["Location"] = ResponseHeader("Where it is.");
            if (status == "503")
                response.Headers["Retry-After"] = ResponseHeader("Seconds after which to try again.");
            if (isPost)
                response.Headers["Idempotency-Replayed"] = ResponseHeader("true where the answer is an earlier one.");
        }
    }

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema) => new()
    {
        Name = name,
        In = ParameterLocation.Header,
        Description = description,
        Schema = schema,
    };

    private static OpenApiHeader ResponseHeader(string description) =>
        new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static OpenApiSchema Text(string example, int? maxLength) =>
        new() { Type = JsonSchemaType.String, MaxLength = maxLength, Examples = [example] };
}
