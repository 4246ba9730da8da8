using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.ServiceDefaults.OpenApi;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Http;

/// <summary>Adds headers, examples and errors to the OpenAPI document, which the types do not contain.</summary>
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
    public static RouteHandlerBuilder DescribeCommand<TResponse>(
        this RouteHandlerBuilder endpoint, string summary, int status, string? example, params int[] refusals) =>
        endpoint
            .WithNameOfHandler()
            .WithSummary(summary)
            .Produces<TResponse>(status, "application/json")
            .ProducesProblems([.. EveryCommand, .. refusals])
            .AddOpenApiOperationTransformer((operation, context, _) =>
            {
                // An erasure, which has no body, is safe to repeat without a key, and of every version.
                var hasKey = HttpMethods.IsPost(context.Description.HttpMethod!) && operation.RequestBody is not null;
                AddRequestHeaders(operation, hasKey, hasPrecondition: refusals.Contains(412));
                AddResponseHeaders(operation, hasKey);
                ConditionDocument.DescribeETag(operation, "200", "201", "412");
                if (example is not null && operation.RequestBody?.Content?.Values.FirstOrDefault() is { } body)
                    body.Example = JsonNode.Parse(example);
                return Task.CompletedTask;
            });

    /// <summary>Describes an endpoint that only reads.</summary>
    public static RouteHandlerBuilder DescribeQuery<TResponse>(
        this RouteHandlerBuilder endpoint, string summary, string contentType, params int[] refusals) =>
        endpoint
            .WithNameOfHandler()
            .WithSummary(summary)
            .Produces<TResponse>(StatusCodes.Status200OK, contentType)
            .ProducesProblems([.. EveryQuery, .. refusals])
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                AddResponseHeaders(operation, hasKey: false);
                return Task.CompletedTask;
            });

    /// <summary>Adds rules of members that the framework does not describe.</summary>
    public static Task DescribeRules(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        foreach (var rule in context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: true) ?? [])
        {
            if (rule is EmailAttribute)
                schema.MaxLength = Limits.Email;
            if (rule is AllowedValuesAttribute { Values: var values })
                schema.Enum = [.. values.Select(value => (JsonNode)JsonValue.Create((string)value!))];
        }

        return Task.CompletedTask;
    }

    // Generated clients name their methods so. Each handler is a class of its own, except in the APIs for streams.
    private static RouteHandlerBuilder WithNameOfHandler(this RouteHandlerBuilder endpoint)
    {
        endpoint.Add(builder =>
        {
            var name = builder.Metadata.OfType<MethodInfo>().FirstOrDefault()?.DeclaringType?.Name;
            if (name?.EndsWith("Api", StringComparison.Ordinal) is false)
                builder.Metadata.Add(new EndpointNameAttribute(name));
        });
        return endpoint;
    }

    private static void AddRequestHeaders(OpenApiOperation operation, bool hasKey, bool hasPrecondition)
    {
        operation.Parameters ??= [];
        if (hasKey)
        {
            operation.Parameters.Add(Header(
                IdempotencyKey.Header,
                "Makes the request safe to repeat: for 24 hours, the same key and body get the stored response.",
                Text("order-2026-0001", RequestLimits.IdempotencyKey)));
        }

        if (hasPrecondition)
        {
            operation.Parameters.Add(ConditionDocument.IfMatch());
            operation.Parameters.Add(ConditionDocument.IfNoneMatch(
                "ETags of versions that must not be changed, or * to create only. If the current version is one of them, "
                + "the response is 412."));
        }
    }

    private static void AddResponseHeaders(OpenApiOperation operation, bool hasKey)
    {
        foreach (var (status, described) in operation.Responses ?? [])
        {
            if (described is not OpenApiResponse response)
                continue;
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            if (status is "201" or "202")
                response.Headers["Location"] = ResponseHeader("The path of what was created, or of the progress.");
            if (status == "503")
                response.Headers["Retry-After"] = ResponseHeader("Seconds to wait before a retry.");
            if (hasKey)
                response.Headers["Idempotency-Replayed"] = ResponseHeader("true if this is a stored response.");
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
