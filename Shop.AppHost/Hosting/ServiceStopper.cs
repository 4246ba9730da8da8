using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.AppHost.Hosting;

/// <summary>
/// Stops the services before the orchestrator stops everything at once. Otherwise a service may still use a server that
/// has stopped, and logs errors during a normal stop. The dashboard also receives the last log records of the services.
/// </summary>
internal sealed partial class ServiceStopper(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ILogger<ServiceStopper> logger) : BackgroundService
{
    /// <summary>
    /// The orchestrator ends services that are still running after this time. It is longer than the 15 s that a service
    /// may take to give up its traces, metrics and logs if the collector does not respond.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, string> _services = [];

    // Hosted services stop in reverse order of registration, so this one stops before the orchestrator.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        // A service refers only to services that were added before it, so no other service calls the last one.
        foreach (var service in model.Resources.OfType<ProjectResource>().Reverse())
        {
            try
            {
                await StopAsync(service.Name, limit.Token);
            }
            catch (OperationCanceledException)
            {
                Log.NotStopped(logger, service.Name, Limit.TotalSeconds);
                return;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A service may have replicas, whose ids are known once they have started.
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource is ProjectResource)
                _services[change.ResourceId] = change.Resource.Name;
        }
    }

    private Task StopAsync(string name, CancellationToken cancellationToken) => Task.WhenAll(_services
        .Where(service => service.Value == name)
        .Select(service => StopAsync(service.Key, name, cancellationToken)));

    private async Task StopAsync(string id, string name, CancellationToken cancellationToken)
    {
        if (!notifications.TryGetCurrentState(id, out var now)
            || (now.Snapshot.State?.Text is var state
                && state != KnownResourceStates.Running && state != KnownResourceStates.Starting))
            return;

        await commands.ExecuteCommandAsync(id, KnownResourceCommands.StopCommand, cancellationToken);
        await notifications.WaitForResourceAsync(
            name,
            change => change.ResourceId == id
                && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text),
            cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Service} did not stop within {Seconds} s of the host's stop. The "
            + "orchestrator ends it and what has not stopped yet")]
        public static partial void NotStopped(ILogger logger, string service, double seconds);
    }
}
