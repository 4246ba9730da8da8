using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Limits;

internal static class LimitExtensions
{
    private const int BodySize = 64 * 1024;
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    // A lease of a concurrency limiter does not know when another one is free.
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Bounds what one caller can take of a service. Kestrel's own limits hold besides, such as the minimum data rate of
    /// bodies and responses; an operator's <c>Kestrel:Limits</c> replace both.
    /// </summary>
    public static void AddLimits(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(kestrel =>
            (kestrel.Limits.MaxRequestBodySize, kestrel.Limits.RequestHeadersTimeout) = (BodySize, HeadersTimeout));
        builder.Services.PostConfigure<KestrelServerOptions>(
            kestrel => Bind(builder.Configuration.GetSection("Kestrel:Limits"), kestrel.Limits));

        builder.Services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        builder.Services.AddRateLimiter(limiter =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = RetryLater;
        });
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LimitOptions>>(
            (limiter, limits) => limiter.GlobalLimiter = RequestLimiter.Create(limits.Value));
    }

    /// <summary>Runs after authentication, which knows the identity, and before authorization refuses requests.</summary>
    public static void UseLimits(this WebApplication app) => app.UseRateLimiter();

    // A rate that is there cannot be changed by the binder, which ignores the setting silently; a new one is made.
    private static void Bind(IConfigurationSection section, KestrelServerLimits limits)
    {
        if (section.GetSection(nameof(limits.MinRequestBodyDataRate)).Exists())
            limits.MinRequestBodyDataRate = null;
        if (section.GetSection(nameof(limits.MinResponseDataRate)).Exists())
            limits.MinResponseDataRate = null;
        section.Bind(limits);
    }

    // The problem document is written for every response without a body.
    private static ValueTask RetryLater(OnRejectedContext context, CancellationToken cancellationToken)
    {
        var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : DefaultRetryAfter;
        context.HttpContext.Response.Headers.RetryAfter =
            Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return ValueTask.CompletedTask;
    }
}
