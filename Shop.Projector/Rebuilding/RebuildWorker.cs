using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;
using Shop.Projector.Reconciling;
using Shop.Projector.Telemetry;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Rebuilding;

/// <summary>
/// Starts, drives and cancels rebuilds. Any projector can start or cancel one, because the state is in the store. The
/// owner of partition 0 drives it from its current state, so that a rebuild continues if its projector exits.
/// </summary>
internal sealed partial class RebuildWorker(
    IIndexGenerations generations, Rebuild rebuild, ReadStore store, SourceDatabase source, ConsumerProgress consumer,
    ReconciliationRequests reconciliations, DeadLetterRetry deadLetters, ProjectorMetrics metrics,
    IOptions<ProjectorOptions> options, LoopServices services, ILogger<RebuildWorker> logger)
    : SupervisedLoop("rebuild", services), IHealthCheck
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _wake = new(0);
    private readonly Lock _lock = new();
    private CancellationTokenSource? _driving;
    private volatile RebuildProgress? _progress;

    // The shadow that this process has just created, and that every writer writes to.
    private volatile string? _created;
    private volatile RebuildRecord? _last;
    private volatile bool _startsByItself = true;

    protected override TimeSpan Interval => TimeSpan.Zero;

    public async Task<RebuildStatus> GetStatusAsync(CancellationToken cancellationToken)
    {
        var progress = _progress;
        var state = await generations.ReadAsync(cancellationToken);
        if (state.Shadow is null)
            progress = null;
        return new(
            state.Shadow is not null, state.IsRollback, progress?.Report(),
            new(state.Live, state.Shadow, state.Previous), state.Last, progress?.LastError);
    }

    /// <summary>Completes when every writer writes to the shadow.</summary>
    public async Task<StartOutcome> StartAsync(bool isRollback, CancellationToken cancellationToken)
    {
        var state = await generations.ReadAsync(cancellationToken);
        if (state.Shadow is not null)
            return StartOutcome.IsRunning;
        if (isRollback && state.Previous is null)
            return StartOutcome.NoPrevious;

        await (isRollback
            ? generations.BeginRollbackAsync(cancellationToken)
            : generations.CreateShadowAsync(cancellationToken));
        _created = (await generations.ReadAsync(cancellationToken)).Shadow;
        _wake.Release();
        return StartOutcome.Started;
    }

    /// <returns>False if no rebuild or rollback is running.</returns>
    public async Task<bool> CancelAsync(CancellationToken cancellationToken)
    {
        if (await generations.ReadAsync(cancellationToken) is not { Shadow: { } shadow } state)
            return false;

        var record = new RebuildRecord(
            RebuildOutcome.Cancelled, shadow, state.IsRollback, Time.GetUtcNow(), _progress?.StartedAt);
        _startsByItself = false;
        SetDriving(null);
        return await generations.AbandonShadowAsync(record, cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_last is { Outcome: RebuildOutcome.GivenUp } last
            ? HealthCheckResult.Degraded(
                $"The last rebuild was given up at {last.FinishedAt:u}. {last.Reason} Once the cause is removed, "
                + "start another with POST /rebuild.")
            : HealthCheckResult.Healthy());

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var state = await generations.ReadAsync(cancellationToken);
        _last = state.Last;
        if (consumer.HasFirstPartition)
        {
            if (state.Shadow is null && StartsByItself(state.Last))
            {
                Log.StartsByItself(logger);
                await generations.CreateShadowAsync(cancellationToken);
                state = await generations.ReadAsync(cancellationToken);
                _created = state.Shadow;
            }

            if (state.Shadow is { } shadow)
                await DriveAsync(shadow, state, cancellationToken);
        }

        await _wake.WaitAsync(options.Value.RebuildInterval, cancellationToken);
    }

    private bool StartsByItself(RebuildRecord? last)
    {
        _startsByItself |= !store.IsOutdated;
        var isTooEarly = last is { Outcome: RebuildOutcome.GivenUp }
            && Time.GetUtcNow() - last.FinishedAt < options.Value.RebuildRestartDelay;
        var isAccepted = source.Problem is null && source.Refusal is null;
        return store.IsOutdated && isAccepted && _startsByItself && !isTooEarly;
    }

    private async Task DriveAsync(string shadow, GenerationState state, CancellationToken cancellationToken)
    {
        using var driving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var progress = new RebuildProgress(state.IsRollback, Time);
        _progress = progress;
        SetDriving(driving);
        Log.Drives(logger, shadow, state.IsRollback);
        var watching = WatchAsync(shadow, driving);
        try
        {
            if (_created != shadow)
                await generations.ResumeShadowAsync(shadow, driving.Token);
            _created = null;
            await rebuild.RunAsync(shadow, progress, driving.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was cancelled or ended by another process, or partition 0 has moved to another projector.
        }
        finally
        {
            SetDriving(null);
            _progress = null;
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await FinishAsync(shadow, cancellationToken);
    }

    private async Task FinishAsync(string shadow, CancellationToken cancellationToken)
    {
        var state = await generations.ReadAsync(cancellationToken);
        _last = state.Last;
        if (state.Shadow == shadow || state.Last is not { } last)
            return;

        _startsByItself = last.Outcome == RebuildOutcome.GivenUp;
        metrics.RebuildEnded(last.Outcome);
        Log.Ended(logger, shadow, last.Outcome, last.Orders, last.Reason);
        if (last.Outcome != RebuildOutcome.Completed)
            return;

        reconciliations.Add(new("another index generation is live"));
        await store.VerifyAsync(cancellationToken);
        // The previous generation may have rejected documents that this one accepts.
        await deadLetters.RetryAllAsync(cancellationToken);
    }

    /// <summary>Stops the rebuild that this projector drives, if any.</summary>
    private void SetDriving(CancellationTokenSource? driving)
    {
        lock (_lock)
        {
            _driving?.Cancel();
            _driving = driving;
        }
    }

    private async Task WatchAsync(string shadow, CancellationTokenSource driving)
    {
        using var timer = new PeriodicTimer(WatchInterval, Time);
        while (await timer.WaitForNextTickAsync(driving.Token))
        {
            if (!consumer.HasFirstPartition || await IsOverAsync(shadow, driving.Token))
                SetDriving(null);
        }
    }

    private async Task<bool> IsOverAsync(string shadow, CancellationToken cancellationToken)
    {
        try
        {
            return (await generations.ReadAsync(cancellationToken)).Shadow != shadow;
        }
        catch (ReadStoreUnavailableException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The read store has the schema of another version. Starting a rebuild")]
        public static partial void StartsByItself(ILogger logger);

        [LoggerMessage(LogLevel.Information, "Driving the rebuild into {Shadow} (rollback: {IsRollback})")]
        public static partial void Drives(ILogger logger, string shadow, bool isRollback);

        [LoggerMessage(LogLevel.Information, "The rebuild into {Shadow} ended: {Outcome}, {Orders} orders. {Reason}")]
        public static partial void Ended(
            ILogger logger, string shadow, RebuildOutcome outcome, long? orders, string? reason);
    }
}

internal enum StartOutcome
{
    Started,
    IsRunning,
    NoPrevious,
}
