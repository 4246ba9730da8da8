using Microsoft.Extensions.Options;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Deletes rows that are older than the retention period and published. A row that was seen before some position of
/// the log is published once the slot has confirmed that position; ids and times prove nothing.
/// </summary>
internal sealed partial class OutboxPruner(
    OutboxTable table, RelayLag lag, RelayMetrics metrics, IOptions<RelayOptions> options, TimeProvider time,
    ILogger<OutboxPruner> logger) : BackgroundService
{
    private readonly RelayOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.PruneInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PruneAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private async Task PruneAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - _options.Retention;
        int seen;
        do
        {
            var rows = await table.CandidatesAsync(before, _options.PruneBatch, cancellationToken);
            seen = rows.OrderIds.Length;
            if (seen == 0)
                return;

            await lag.WaitForAsync(rows.SeenBefore, cancellationToken);
            metrics.Pruned(await table.DeleteAsync(rows, cancellationToken));
        }
        while (seen == _options.PruneBatch);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Pruning the outbox failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
