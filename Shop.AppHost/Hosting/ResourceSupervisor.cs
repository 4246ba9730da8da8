using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.AppHost.Hosting;

/// <summary>Starts again what died; what a person stopped stays stopped. Aspire itself does neither.</summary>
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
            if (change.Resource is ProjectResource or IResourceWithConnectionString)
            {
                Observe(change, stoppingToken);
            }
        }
    }

    private void Observe(ResourceEvent change, CancellationToken stoppingToken)
    {
        var process = _processes.GetOrAdd(change.ResourceId, _ => new SupervisedProcess(clock));
        if (process.IsDeath(change.Snapshot.State?.Text))
        {
            _ = StartAgainAsync(change, process, stoppingToken);
        }
    }

    private async Task StartAgainAsync(ResourceEvent death, SupervisedProcess process, CancellationToken stoppingToken)
    {
        try
        {
            for (var state = death; IsDead(state); notifications.TryGetCurrentState(death.ResourceId, out state))
            {
                var delay = process.NextDelay();
                Announce(state, delay);
                await Task.Delay(delay, clock, stoppingToken);
                await commands.ExecuteCommandAsync(death.ResourceId, KnownResourceCommands.StartCommand, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host itself stops.
        }
        finally
        {
            process.Restarted();
        }
    }

    private static bool IsDead([NotNullWhen(true)] ResourceEvent? state) =>
        state is not null && KnownResourceStates.TerminalStates.Contains(state.Snapshot.State?.Text);

    private void Announce(ResourceEvent death, TimeSpan delay)
    {
        foreach (var to in (ILogger[])[logger, resourceLoggers.GetLogger(death.Resource)])
        {
            Log.Died(to, death.Resource.Name, death.Snapshot.ExitCode, delay.TotalSeconds);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Resource} died (exit code {ExitCode}): it is started again in {Seconds} s")]
        public static partial void Died(ILogger logger, string resource, int? exitCode, double seconds);
    }
}
