using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Shop.WriteApi.Outbox.Health;

/// <summary>Unhealthy if commits of longer ago than the limit may be unpublished; names the broken link.</summary>
internal sealed class RelayHealthCheck(
    RelayLag lag, RelayLagMonitor monitor, OutboxRelay relay, IOptions<RelayOptions> options) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var current = lag.Current;
        var data = new Dictionary<string, object> { ["seconds"] = current.TotalSeconds, ["bytes"] = lag.Bytes };
        if (current <= options.Value.MaxLag)
        {
            return HealthCheckResult.Healthy(
                $"Every commit of more than {current.TotalSeconds:F1} s ago is published.", data);
        }

        var (link, reason) = await FindBrokenLinkAsync(cancellationToken);
        return HealthCheckResult.Unhealthy(
            $"{link}: commits of the last {current.TotalSeconds:F0} s may be unpublished. {reason}", data: data);
    }

    // A database that goes away ends the relay's session, perhaps before the monitor has noticed. So it is asked now.
    private async Task<(string Link, string Reason)> FindBrokenLinkAsync(CancellationToken cancellationToken)
    {
        if (monitor.LastError is { } known)
            return ("write database", known);
        if (await monitor.FindDatabaseProblemAsync().WaitAsync(cancellationToken) is { } unanswered)
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
