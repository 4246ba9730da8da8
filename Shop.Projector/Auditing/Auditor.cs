using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.Projector.Parking;
using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;

namespace Shop.Projector.Auditing;

/// <summary>Runs one audit at a time: those asked for, and on schedule where it has partition 0.</summary>
internal sealed partial class Auditor(
    OrderAudit audit, ReadStore store, ParkedOrders parked, AuditRequests requests, ConsumerProgress progress,
    ProjectorMetrics metrics, IOptions<ProjectorOptions> options, TimeProvider time, ILogger<Auditor> logger)
    : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);

    private volatile AuditStatus _status = new(IsRunning: false, Last: null, Trouble: null);

    public AuditStatus Status => requests.AreWaiting ? _status with { IsRunning = true } : _status;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(ScheduleAsync(stoppingToken), RunAsync(stoppingToken));

    private async Task ScheduleAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.AuditInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (progress.HasFirstPartition)
                requests.Request("schedule");
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await requests.WaitAsync(cancellationToken))
        {
            _status = _status with { IsRunning = true };
            var reason = requests.Take();
            var report = await RunToEndAsync(reason, cancellationToken);
            _status = new(IsRunning: false, report, Trouble: null);
            Log.Done(logger, reason, report.Orders, report.Documents, report.Differences);
        }
    }

    /// <summary>An audit that was asked for is done some time, whatever is away in between.</summary>
    private async Task<AuditReport> RunToEndAsync(string reason, CancellationToken cancellationToken)
    {
        for (var delay = FirstRetry; ; delay = delay * 2 < LastRetry ? delay * 2 : LastRetry)
        {
            try
            {
                var report = await audit.RunAsync(reason, store, parked.Settle, new(), cancellationToken);
                metrics.Differences(report.Differences);
                return report;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                _status = _status with { Trouble = exception.Message };
                Log.Failed(logger, reason, exception.Message);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Audit ({Reason}): {Orders} orders, {Documents} documents, "
            + "{Differences} differences put right")]
        public static partial void Done(ILogger logger, string reason, long orders, long documents, long differences);

        [LoggerMessage(LogLevel.Warning, "The audit ({Reason}) starts again: {Trouble}")]
        public static partial void Failed(ILogger logger, string reason, string trouble);
    }
}

/// <param name="IsRunning">Whether one runs or is about to.</param>
/// <param name="Trouble">Why the one that runs had to start again.</param>
internal sealed record AuditStatus(bool IsRunning, AuditReport? Last, string? Trouble);
