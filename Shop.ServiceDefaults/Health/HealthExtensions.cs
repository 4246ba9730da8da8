using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.ServiceDefaults.Health;

internal static class HealthExtensions
{
    public static void AddDefaultHealthChecks(this WebApplicationBuilder builder)
    {
        HealthLog.ReplaceFrameworkLog(builder);
        builder.Services.AddHostedService<HealthLog>();
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [HealthPaths.Live]);
    }

    public static void MapDefaultHealthChecks(this WebApplication app)
    {
        foreach (var tag in (string[])[HealthPaths.Live, HealthPaths.Ready, HealthPaths.Lag])
        {
            app.MapHealthChecks(HealthPaths.Of(tag), new HealthCheckOptions
            {
                Predicate = check => check.Tags.Contains(tag),
                ResponseWriter = WriteAsync,
            }).WithMetadata(new HttpMethodMetadata([HttpMethods.Get])).AllowAnonymous();
        }
    }

    /// <summary>Writes the report: <c>{"status":"unhealthy","checks":[{"name","status","detail","data"}]}</c>.</summary>
    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = MediaTypeNames.Application.Json;
        var body = new
        {
            status = Lower(report.Status),
            checks = report.Entries.Select(entry => new
            {
                name = entry.Key,
                status = Lower(entry.Value.Status),
                detail = entry.Value.Description ?? entry.Value.Exception?.Message,
                data = entry.Value.Data,
            }),
        };
        await JsonSerializer.SerializeAsync(
            context.Response.Body, body, JsonSerializerOptions.Web, context.RequestAborted);
    }

    private static string Lower(HealthStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());
}
