using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace Shop.ServiceDefaults.OpenApi;

internal static class ApiDocumentExtensions
{
    public static void AddApiDocument(this IServiceCollection services)
    {
        // Otherwise the document has "integer or string" for every number, which generated clients take over.
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        services.AddOpenApi(document => document.AddSchemaTransformer((schema, context, _) =>
        {
            // A time with a converter of its own would be of any type.
            var type = context.JsonTypeInfo.Type;
            if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
                (schema.Type, schema.Format) = ((schema.Type ?? 0) | JsonSchemaType.String, "date-time");
            return Task.CompletedTask;
        }));
    }

    /// <summary>The document at <c>/openapi/v1.json</c> and a page to read and try it at <c>/scalar</c>.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/scalar", options => options.Title = app.Environment.ApplicationName);
    }
}
