using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

public static class NullExtensions
{
    /// <summary>
    /// Describes which members may be null. In a request, those that are not required: the others are nullable in the
    /// types alone, so that the response can list every missing one. In a response, those that are required: the others
    /// are left out instead.
    /// </summary>
    public static void DescribeNulls(this IServiceCollection services) =>
        services.ConfigureAll<OpenApiOptions>(document => document.AddDocumentTransformer<NullTransformer>());
}

internal sealed class NullTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations!.Values))
        {
            Describe(operation.RequestBody?.Content, isRequest: true);
            foreach (var (_, response) in operation.Responses ?? [])
                Describe(response.Content, isRequest: false);
        }

        return Task.CompletedTask;
    }

    private static void Describe(IDictionary<string, OpenApiMediaType>? content, bool isRequest)
    {
        foreach (var type in content?.Values ?? [])
            Describe(type.Schema, isRequest);
    }

    private static void Describe(IOpenApiSchema? schema, bool isRequest)
    {
        if (schema is null)
            return;
        Describe(schema.Items, isRequest);
        Describe(schema.AdditionalProperties, isRequest);
        foreach (var choice in schema.OneOf ?? [])
            Describe(choice, isRequest);
        foreach (var (name, member) in schema.Properties?.ToArray() ?? [])
        {
            if ((schema.Required?.Contains(name) is true) == isRequest)
                schema.Properties![name] = WithoutNull(member);
            Describe(schema.Properties![name], isRequest);
        }
    }

    private static IOpenApiSchema WithoutNull(IOpenApiSchema member)
    {
        if (member is not OpenApiSchema schema)
            return member;
        schema.Type &= ~JsonSchemaType.Null;
        return schema.OneOf is { Count: 2 } either
            ? either.Single(choice => choice.Type != JsonSchemaType.Null)
            : member;
    }
}
