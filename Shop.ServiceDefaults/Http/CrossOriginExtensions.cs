using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Http;

/// <summary>Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol) of configured origins.</summary>
internal static class CrossOriginExtensions
{
    private const string Origins = "Cors:Origins";

    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(1);

    /// <summary>Responses may be read by the pages of <c>Cors:Origins</c>; by none if there is no such setting.</summary>
    public static void AddCrossOrigin(this WebApplicationBuilder builder) =>
        builder.Services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(builder.Configuration.GetSection(Origins).Get<string[]>() ?? [])
            .AllowAnyMethod()
            .AllowAnyHeader()
            .WithExposedHeaders(
                HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, "Idempotency-Replayed")
            .SetPreflightMaxAge(PreflightMaxAge)));

    public static void UseCrossOrigin(this WebApplication app)
    {
        if (app.Configuration.GetSection(Origins).Exists())
            app.UseCors();
    }
}
