using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    // Every service names its ActivitySource and Meter after its assembly, Shop.Something.
    private const string OwnInstruments = "Shop.*";

    // In each service; the whole way of a trace follows the decision of the service that began it.
    private const string MaxTracesPerSecond = "Telemetry:MaxTracesPerSecond";
    private const int DefaultMaxTracesPerSecond = 5;

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
                .SetSampler(new ParentBasedSampler(new TraceRateSampler(
                    builder.Configuration.GetValue(MaxTracesPerSecond, DefaultMaxTracesPerSecond), TimeProvider.System)))
                .AddAspNetCoreInstrumentation(options => options.Filter = IsNotProbe)
                .AddHttpClientInstrumentation()
                .AddSource(OwnInstruments, "Elastic.Transport"));

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            telemetry.UseOtlpExporter();
    }

    // Health probes come every few seconds and would bury the traces that people look for.
    private static bool IsNotProbe(HttpContext context) => !context.Request.Path.StartsWithSegments(HealthPaths.Prefix);
}
