using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shop.Projector.Parking;

namespace Shop.Projector.Consuming;

/// <summary>Ready once the consumer group has given this process its partitions.</summary>
internal sealed class ConsumerHealthCheck(ConsumerProgress progress) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(progress.HasJoined
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("The consumer group has not given this process its partitions yet."));
}

internal sealed class ConsumerLagHealthCheck(
    ConsumerProgress progress, ParkedOrders parked, IOptions<ProjectorOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var lag = progress.Lag;
        Dictionary<string, object> data = new()
        {
            ["events"] = lag.Events,
            ["seconds"] = lag.Seconds,
            ["parked"] = parked.Count,
        };
        return lag.Seconds > options.Value.MaxLag.TotalSeconds
            ? HealthCheckResult.Unhealthy(
                $"The read store is {lag.Seconds:F0} s and {lag.Events} events behind.", data: data)
            : HealthCheckResult.Healthy($"The read store is {lag.Seconds:F1} s and {lag.Events} events behind.", data);
    }
}
