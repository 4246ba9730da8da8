using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.Projector.Consuming;
using Shop.Projector.DeadLetters;

namespace Shop.Projector.Admin;

/// <summary>Ready while the consumer group has assigned partitions to this process.</summary>
internal sealed class ConsumerHealthCheck(ConsumerProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(progress.HasJoined
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The consumer group has not assigned partitions to this process."));
}

/// <summary>Unhealthy if the read store is too far behind, or follows another write database; names the broken link.</summary>
internal sealed class LagHealthCheck(
    ConsumerProgress progress, LagDiagnosis diagnosis, DeadLetterList deadLetters) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var lag = progress.Lag;
        Dictionary<string, object> data = new() { ["events"] = lag.Events, ["deadLetters"] = deadLetters.Count };
        if (lag.Seconds is { } seconds)
            data["seconds"] = seconds;
        var state = lag.Seconds is { } behind
            ? $"The read store is {behind:F1} s and {lag.Events} records behind."
            : "Other projectors of the group have all partitions.";
        return Task.FromResult(diagnosis.Problem is { } problem
            ? HealthCheckResult.Unhealthy($"{problem} ({state})", data: data)
            : HealthCheckResult.Healthy(state, data));
    }
}
