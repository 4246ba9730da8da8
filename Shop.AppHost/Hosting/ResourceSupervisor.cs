using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.AppHost.Hosting;

/// <summary>
/// Restarts services and servers that exit unexpectedly, which Aspire does not do. A resource that a user stopped is
/// not restarted.
/// </summary>
internal sealed partial class ResourceSupervisor(
    ResourceNotificationService notifications,
    ResourceCommandService commands,
    ResourceLoggerService resourceLoggers,
    TimeProvider clock,
    ILogger<ResourceSupervisor> logger) : BackgroundService
{
    private readonly ConcurrentDictionary<string, SupervisedProcess> _processes = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in notifications.WatchAsync(stoppingToken))
        {
            if (change.Resource is ProjectResource or IResourceWithConnectionString && !HasCompleted(change))
            {
                Observe(change, stoppingToken);
            }
        }
    }

    private void Observe(ResourceEvent change, CancellationToken stoppingToken)
    {
        var process = _processes.GetOrAdd(change.ResourceId, _ => new SupervisedProcess(clock));
        if (process.NeedsRestart(change.Snapshot.State?.Text))
        {
            _ = RestartAsync(change, process, stoppingToken);
        }
    }

    private async Task RestartAsync(ResourceEvent exit, SupervisedProcess process, CancellationToken stoppingToken)
    {
        try
        {
            for (var state = exit; HasExited(state); notifications.TryGetCurrentState(exit.ResourceId, out state))
            {
                var delay = process.NextDelay();
                LogRestart(state, delay);
                await Task.Delay(delay, clock, stoppingToken);
                await commands.ExecuteCommandAsync(exit.ResourceId, KnownResourceCommands.StartCommand, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        finally
        {
            process.Restarted();
        }
    }

    private static bool HasCompleted(ResourceEvent change) =>
        change.Resource is ProjectResource project && !project.IsService() && change.Snapshot.ExitCode is null or 0;

    private static bool HasExited([NotNullWhen(true)] ResourceEvent? state) =>
        state is not null && KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text);

    private void LogRestart(ResourceEvent exit, TimeSpan delay)
    {
        foreach (var to in (ILogger[])[logger, resourceLoggers.GetLogger(exit.Resource)])
        {
            Log.Restarting(to, exit.Resource.Name, exit.Snapshot.ExitCode, delay.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning, "{Resource} exited unexpectedly with code {ExitCode}. Restarting it in {Seconds} s")]
        public static partial void Restarting(ILogger logger, string resource, int? exitCode, double seconds);
    }
}
