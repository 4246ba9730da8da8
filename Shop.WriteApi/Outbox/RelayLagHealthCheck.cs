using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Shop.WriteApi.Outbox;

internal sealed class RelayLagHealthCheck(RelayLag lag, IOptions<RelayOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (lag.Current is not { } current)
            return HealthCheckResult.Unhealthy("The replication slot is not there or the database does not answer.");

        Dictionary<string, object> data = new() { ["seconds"] = current.Seconds, ["bytes"] = current.Bytes };
        return current.Seconds > options.Value.MaxLag.TotalSeconds
            ? HealthCheckResult.Unhealthy($"Events wait since {current.Seconds:F0} s to be published.", data: data)
            : HealthCheckResult.Healthy($"The relay is {current.Seconds:F1} s behind.", data);
    }
}
