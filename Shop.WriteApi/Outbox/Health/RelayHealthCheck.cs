using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Shop.WriteApi.Outbox.Health;

/// <summary>Unhealthy if commits of longer ago than the limit may be unpublished; names the broken link.</summary>
internal sealed class RelayHealthCheck(
    RelayLag lag, RelayLagMonitor monitor, OutboxRelay relay, IOptions<RelayOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        var current = lag.Current;
        var data = new Dictionary<string, object> { ["seconds"] = current.TotalSeconds, ["bytes"] = lag.Bytes };
        if (current <= options.Value.MaxLag)
        {
            return HealthCheckResult.Healthy(
                $"Every commit of more than {current.TotalSeconds:F1} s ago is published.", data);
        }

        var (link, reason) = FindBrokenLink();
        return HealthCheckResult.Unhealthy(
            $"{link}: commits of the last {current.TotalSeconds:F0} s may be unpublished. {reason}", data: data);
    }

    private (string Link, string Reason) FindBrokenLink()
    {
        if (monitor.LastError is { } unanswered)
            return ("write database", unanswered);
        if (relay.BrokerProblem is { } broker)
            return ("broker", broker);
        if (relay.SessionProblem is { } session)
            return ("relay", session);
        if (monitor.SlotProblem is { } slot)
            return ("relay", slot);
        return relay.IsActive
            ? ("relay", "It publishes, but is behind.")
            : ("relay or broker", "Another replica has the slot. See its /health/lag.");
    }
}
