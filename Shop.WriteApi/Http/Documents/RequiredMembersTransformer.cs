using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.WriteApi.Http.Documents;

/// <summary>
/// Requests are read with members that may be null, so that all that is missing can be named at once; in the document
/// a required member is one that is never null.
/// </summary>
internal sealed class RequiredMembersTransformer : IOpenApiDocumentTransformer
{
    public Task TransformAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var schema in document.Components?.Schemas?.Values ?? [])
        {
            foreach (var name in schema.Required ?? new HashSet<string>())
            {
                if (schema.Properties is { } members && members.TryGetValue(name, out var member))
                    members[name] = WithoutNull(member);
            }
        }

        return Task.CompletedTask;
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
