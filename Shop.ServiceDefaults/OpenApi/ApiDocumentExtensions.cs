using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Scalar.AspNetCore;

namespace Shop.ServiceDefaults.OpenApi;

internal static class ApiDocumentExtensions
{
    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi();

    /// <summary>The document at <c>/openapi/v1.json</c> and a page to read and try it at <c>/scalar</c>.</summary>
    public static void MapApiDocument(this WebApplication app)
    {
        app.MapOpenApi();
        app.MapScalarApiReference("/scalar", options => options.Title = app.Environment.ApplicationName);
    }
}
