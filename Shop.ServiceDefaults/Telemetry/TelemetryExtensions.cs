using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // Every service names its ActivitySource and Meter after its assembly, Shop.Something.
    private const string OwnInstruments = "Shop.*";

    // Requests between services. They are traced only as part of an existing trace.
    private const string InternalPrefix = "/internal";

    // No sampler is set in code, because it would override OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG.
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation()
                .AddMeter(OwnInstruments))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(options => options.Filter = IsTraced)
                .AddHttpClientInstrumentation()
                .AddSource(OwnInstruments, "Elastic.Transport"));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }

    // A trace starts with a request from outside, not with a health probe or scheduled work.
    private static bool IsTraced(HttpContext context)
    {
        var request = context.Request;
        return !request.Path.StartsWithSegments(HealthPaths.Prefix)
            && (!request.Path.StartsWithSegments(InternalPrefix) || request.Headers.ContainsKey(HeaderNames.TraceParent));
    }
}
