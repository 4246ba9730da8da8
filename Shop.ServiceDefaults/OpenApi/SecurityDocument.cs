using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>
/// Describes the access token, which operations need one, which roles may call them, and that calls are limited.
/// </summary>
internal static class SecurityDocument
{
    private const string Scheme = "bearer";

    public static Task AddScheme(OpenApiDocument document)
    {
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            BearerFormat = "JWT",
            Description = "An access token of the configured OpenID Connect authority. In Development, requests from the "
                + "same machine need none unless the host was started with --secure.",
        });
        return Task.CompletedTask;
    }

    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().SingleOrDefault() is not { } data)
            return Task.CompletedTask;

        operation.Security ??= [];
        operation.Security.Add(new() { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] });
        operation.Responses ??= [];
        var problem = operation.Responses.GetValueOrDefault("400");
        operation.Responses.TryAdd("401", Response("Unauthorized: there is no valid access token.", problem));
        var roles = data.Roles?.Replace(",", ", ", StringComparison.Ordinal);
        operation.Responses.TryAdd("403", Response($"Forbidden: callers need one of the roles {roles}.", problem));
        var tooMany = Response("Too Many Requests: the caller asks more than the limits allow.", problem);
        tooMany.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Retry-After"] = new OpenApiHeader
            {
                Description = "Seconds after which to try again.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
            },
        };
        operation.Responses.TryAdd("429", tooMany);
        return Task.CompletedTask;
    }

    private static OpenApiResponse Response(string description, IOpenApiResponse? problem) =>
        new() { Description = description, Content = problem?.Content };
}
