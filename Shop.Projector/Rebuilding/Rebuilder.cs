using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>
/// Begins, drives and cancels rebuilds. Any projector may begin or cancel one, in the store; the one that has partition
/// 0 drives it, from wherever it stands: what a projector that died has begun goes on by itself.
/// </summary>
internal sealed partial class Rebuilder(
    IOrderRebuild rebuild, RebuildRun run, SwitchFollowUp followUp, ReadStore store, ConsumerProgress consumer,
    IOptions<ProjectorOptions> options, TimeProvider time, ILogger<Rebuilder> logger) : BackgroundService
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    // Held by whoever begins or cancels, and by the driver while it looks whether there is something to drive.
    private readonly SemaphoreSlim _changes = new(1);
    private readonly SemaphoreSlim _wake = new(0);
    private volatile DrivenRebuild? _driven;
    private volatile RebuildResult? _last;
    private volatile bool _startsItself = true;
    private IOrderCopy? _begun;

    public async Task<RebuildStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var driven = _driven;
        var copies = await rebuild.GetCopiesAsync(cancellationToken);
        return new(
            driven is not null || copies.Next is not null, driven?.IsRollback ?? copies.IsRollback,
            driven?.Progress.Report(), copies, _last, driven?.Trouble);
    }

    /// <summary>Returns once every writer writes to the copy that is to be filled, or brought back.</summary>
    public Task<StartOutcome> StartAsync(bool isRollback, CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            var copies = await rebuild.GetCopiesAsync(cancellationToken);
            if (copies.Next is not null)
                return StartOutcome.IsRunning;
            if (isRollback && copies.Previous is null)
                return StartOutcome.NoEarlierCopy;

            _begun = isRollback
                ? await rebuild.BeginRollbackAsync(cancellationToken)
                : await rebuild.BeginAsync(cancellationToken);
            _wake.Release();
            return StartOutcome.Started;
        },
        cancellationToken);

    /// <returns>False where there is none.</returns>
    public Task<bool> CancelAsync(CancellationToken cancellationToken) => ChangeAsync(
        async () =>
        {
            var driven = _driven;
            if (driven is not null)
                await driven.StopAsync();
            if ((await rebuild.GetCopiesAsync(cancellationToken)).Next is null)
                return false;

            await rebuild.CancelAsync(cancellationToken);
            _startsItself = false;
            if (driven is not null)
                End(driven, RebuildOutcome.Cancelled);
            return true;
        },
        cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var begun = await ChangeAsync(() => FindAsync(stoppingToken), stoppingToken);
                if (_driven is { } driven)
                    await DriveAsync(driven, begun);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Unknown(logger, exception.Message);
            }

            await _wake.WaitAsync(options.Value.RebuildInterval, stoppingToken);
        }
    }

    /// <summary>Sets what is to be driven, where there is something.</summary>
    /// <returns>The copy, where it has been begun just now.</returns>
    private async Task<IOrderCopy?> FindAsync(CancellationToken stoppingToken)
    {
        var begun = _begun;
        _begun = null;
        if (!consumer.HasFirstPartition)
            return null;

        var copies = await rebuild.GetCopiesAsync(stoppingToken);
        if (copies.Next is null)
        {
            _startsItself |= !store.IsOutdated;
            if (!store.IsOutdated || !_startsItself)
                return null;

            Log.StartsItself(logger);
            begun = await rebuild.BeginAsync(stoppingToken);
        }

        Log.Drives(logger, copies.IsRollback);
        _driven = new(copies.IsRollback, time, stoppingToken);
        return begun;
    }

    private async Task DriveAsync(DrivenRebuild driven, IOrderCopy? begun)
    {
        var watching = WatchAsync(driven);
        try
        {
            for (var delay = FirstRetry; ; delay = delay * 2 < LastRetry ? delay * 2 : LastRetry)
            {
                if (await TryAsync(driven, begun))
                    return;
                begun = null;
                await Task.Delay(delay, time, driven.Token);
            }
        }
        catch (Exception) when (driven.Token.IsCancellationRequested)
        {
            // Whoever stopped it knows what becomes of it.
        }
        finally
        {
            _driven = null;
            driven.Dispose();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>False where it has to be tried again.</returns>
    private async Task<bool> TryAsync(DrivenRebuild driven, IOrderCopy? begun)
    {
        try
        {
            if (begun is null && (await rebuild.GetCopiesAsync(driven.Token)).Next is null)
            {
                // A switch may be done whose answer was lost; else another projector was asked to cancel.
                End(driven, driven.Progress.Phase == RebuildPhase.Switching
                    ? RebuildOutcome.Switched
                    : RebuildOutcome.Cancelled);
                return true;
            }

            var copy = begun ?? await rebuild.BeginAsync(driven.Token);
            await run.RunAsync(copy, isComplete: driven.IsRollback, driven.Progress, driven.Token);
            End(driven, RebuildOutcome.Switched);
        }
        catch (Exception exception) when (!driven.Token.IsCancellationRequested)
        {
            driven.Trouble = exception.Message;
            Log.Failed(logger, exception.Message);
            return false;
        }

        await followUp.RunAsync(driven.Token);
        return true;
    }

    private async Task WatchAsync(DrivenRebuild driven)
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        while (await timer.WaitForNextTickAsync(driven.Token))
        {
            if (!consumer.HasFirstPartition)
                driven.Stop();
        }
    }

    private void End(DrivenRebuild driven, RebuildOutcome outcome)
    {
        _startsItself = false;
        var (progress, finishedAt) = (driven.Progress, time.GetUtcNow());
        var orders = progress.Compared.Write;
        _last = new(outcome, driven.IsRollback, progress.StartedAt, finishedAt, orders);
        _driven = null;
        Log.Ended(logger, outcome, orders, (finishedAt - progress.StartedAt).TotalSeconds);
    }

    private async Task<T> ChangeAsync<T>(Func<Task<T>> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            return await change();
        }
        finally
        {
            _changes.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The read store has the schema of another version: it is rebuilt")]
        public static partial void StartsItself(ILogger logger);

        [LoggerMessage(LogLevel.Information, "This projector drives a rebuild (rollback: {IsRollback})")]
        public static partial void Drives(ILogger logger, bool isRollback);

        [LoggerMessage(LogLevel.Information, "The rebuild is {Outcome}: {Orders} orders, {Seconds:F1} s")]
        public static partial void Ended(ILogger logger, RebuildOutcome outcome, long orders, double seconds);

        [LoggerMessage(LogLevel.Warning, "The rebuild goes on after a pause: {Trouble}")]
        public static partial void Failed(ILogger logger, string trouble);

        [LoggerMessage(LogLevel.Warning, "Whether there is a rebuild is not known: {Trouble}")]
        public static partial void Unknown(ILogger logger, string trouble);
    }
}

internal enum StartOutcome
{
    Started,
    IsRunning,
    NoEarlierCopy,
}
