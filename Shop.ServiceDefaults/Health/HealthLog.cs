using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Shop.ServiceDefaults.Background;

namespace Shop.ServiceDefaults.Health;

/// <summary>Logs once when a health check has failed for some time, and once when it succeeds again.</summary>
/// <remarks>
/// The framework logs an error for every probe of an unhealthy check, several per second while a service starts. Its
/// log is switched off unless an operator sets a level for it.
/// </remarks>
internal sealed partial class HealthLog(
    HealthCheckService health, LoopServices services, ILogger<HealthLog> logger) : SupervisedLoop("Health log", services)
{
    private const int FailuresBeforeWarning = 2;
    private const int FailuresBeforeWarningAtStart = 12;

    private readonly Dictionary<string, Observed> _checks = [];

    protected override TimeSpan Interval => TimeSpan.FromSeconds(5);

    /// <summary>Turns off the framework's log of health checks, unless the configuration sets its level.</summary>
    public static void ReplaceFrameworkLog(WebApplicationBuilder builder) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks", "None")],
        });

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var report = await health.CheckHealthAsync(cancellationToken);
        foreach (var (name, entry) in report.Entries)
        {
            if (!_checks.TryGetValue(name, out var check))
                _checks.Add(name, check = new());
            Observe(check, name, entry);
        }
    }

    private void Observe(Observed check, string name, HealthReportEntry entry)
    {
        var limit = check.WasHealthy ? FailuresBeforeWarning : FailuresBeforeWarningAtStart;
        if (entry.Status == HealthStatus.Unhealthy)
        {
            if (++check.Failures == limit)
                Log.Unhealthy(logger, name, entry.Description ?? entry.Exception?.Message);
            return;
        }

        if (check.Failures >= limit)
            Log.Healthy(logger, name);
        (check.Failures, check.WasHealthy) = (0, true);
    }

    private sealed class Observed
    {
        public int Failures { get; set; }

        public bool WasHealthy { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The health check '{Name}' failed: {Reason}")]
        public static partial void Unhealthy(ILogger logger, string name, string? reason);

        [LoggerMessage(LogLevel.Information, "The health check '{Name}' succeeds again")]
        public static partial void Healthy(ILogger logger, string name);
    }
}
