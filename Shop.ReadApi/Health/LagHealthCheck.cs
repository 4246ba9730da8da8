using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using Shop.ServiceDefaults.Health;

namespace Shop.ReadApi.Health;

/// <summary>The configuration section <c>Freshness</c>.</summary>
internal sealed class FreshnessOptions
{
    /// <summary>How far the read store may be behind the write database before <c>/health/lag</c> answers 503.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// Unhealthy if the read store is further behind than allowed, or if a reconciliation needs an operator. The description
/// begins with the broken link: store, projector, or the link that the projector reports.
/// </summary>
internal sealed class LagHealthCheck(FreshnessReader reader, IOptions<FreshnessOptions> options, TimeProvider time)
    : IHealthCheck
{
    private const string NeedsOperator = "reconciliation:";

    // An unknown as-of time counts from the last known one, and from the start of the process before the first.
    private DateTimeOffset _asOf = time.GetUtcNow();

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        Freshness? freshness;
        try
        {
            freshness = await reader.ReadAsync(cancellationToken);
        }
        catch (ReadStoreUnavailableException exception)
        {
            return HealthCheckResult.Unhealthy($"store: {exception.Message}");
        }

        var now = time.GetUtcNow();
        _asOf = freshness?.AsOf ?? _asOf;
        var lag = now - _asOf;
        var data = new Dictionary<string, object> { ["lagSeconds"] = Math.Max(0, Math.Round(lag.TotalSeconds, 1)) };
        if (FindReconciliation(freshness) is { } problem)
            return HealthCheckResult.Unhealthy(problem, data: data);

        return lag <= options.Value.MaxLag
            ? HealthCheckResult.Healthy(data: data)
            : HealthCheckResult.Unhealthy(Describe(freshness, now), data: data);
    }

    private string Describe(Freshness? freshness, DateTimeOffset now)
    {
        var limit = Seconds(options.Value.MaxLag);
        if (freshness is null)
            return $"projector: it has not reported for {limit} s. Check that a projector runs on this read store.";

        var silence = now - freshness.SavedAt;
        // What the last report names is not what has delayed the store since.
        if (silence > options.Value.MaxLag / 2)
            return $"projector: its last report is {Seconds(silence)} s old. Check that a projector runs on this read store.";

        var state = $"Changes committed in the last {Seconds(now - _asOf)} s may be missing; the limit is {limit} s.";
        return freshness.Partitions.Count < freshness.PartitionCount
            ? $"projector: none reports on {freshness.PartitionCount - freshness.Partitions.Count} of "
                + $"{freshness.PartitionCount} partitions. {state}"
            : $"{freshness.Problem ?? "projector: it names no link."} ({state})";
    }

    private static string? FindReconciliation(Freshness? freshness) => freshness?.Partitions.Values
        .Select(partition => partition.Problem)
        .FirstOrDefault(problem => problem?.StartsWith(NeedsOperator, StringComparison.Ordinal) is true);

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}

internal static class LagHealthExtensions
{
    public static void AddLagHealthCheck(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<FreshnessOptions>()
            .BindConfiguration("Freshness")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<LagHealthCheck>();
        builder.Services.AddHealthChecks().AddCheck<LagHealthCheck>("freshness", tags: [HealthPaths.Lag]);
    }
}
