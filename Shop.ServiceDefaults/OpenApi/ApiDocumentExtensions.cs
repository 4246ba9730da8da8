using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Shop.ServiceDefaults.OpenApi;

internal static class ApiDocumentExtensions
{
    public static void AddApiDocument(this IServiceCollection services)
    {
        // Otherwise every number in the document, and in generated clients, is "integer or string".
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi(document =>
        {
            document.AddSchemaTransformer((schema, context, _) =>
            {
                // Otherwise a time with its own converter has no type.
                var type = context.JsonTypeInfo.Type;
                type = Nullable.GetUnderlyingType(type) ?? type;
                if (type == typeof(DateTimeOffset))
                    (schema.Type, schema.Format) = ((schema.Type ?? 0) | JsonSchemaType.String, "date-time");
                // Otherwise it is a double, which rounds great sums.
                if (type == typeof(decimal))
                    schema.Format = "decimal";
                // Otherwise no member of a struct is required, because one can be made without its constructor.
                if (type.IsValueType && context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
                    schema.Required = schema.Properties?.Keys.ToHashSet();
                return Task.CompletedTask;
            });
            document.AddDocumentTransformer((whole, _, _) => SecurityDocument.AddScheme(whole));
            document.AddOperationTransformer(
                (operation, context, _) => SecurityDocument.Describe(operation, context));
        });
    }

    /// <summary>
    /// Maps the document to <c>/openapi/v1.json</c>, and a page to read and try it to <c>/scalar</c>: in Development, and
    /// elsewhere if <c>OpenApi:Enabled</c> is true. Nobody needs a token for them.
    /// </summary>
    public static void MapApiDocument(this WebApplication app)
    {
        if (!app.Configuration.GetValue("OpenApi:Enabled", app.Environment.IsDevelopment()))
            return;

        // Another name is no route. The framework would answer it with 404 as plain text.
        app.MapOpenApi("/openapi/{documentName:regex(^v1\\z)}.json").AllowAnonymous();
        app.MapScalarApiReference("/scalar", options => options.Title = app.Environment.ApplicationName)
            .AllowAnonymous();
    }
}
