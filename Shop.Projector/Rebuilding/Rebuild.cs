using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Consuming;
using Shop.Projector.DeadLetters;
using Shop.Projector.Projecting;
using Shop.Projector.Reconciling;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>
/// Drives a shadow from its creation to the cutover: fills it from the write database, catches up until nothing
/// differs, and cuts over. A shadow that cannot be completed is given up. The live generation never depends on it.
/// </summary>
internal sealed partial class Rebuild(
    IIndexGenerations generations, WriteApiClient writeApi, Reconciliation reconciliation, ReadStore store, SourceDatabase source,
    DeadLetterList deadLetters, ConsumerProgress consumer, IOptions<ProjectorOptions> options, TimeProvider time, ILogger<Rebuild> logger)
{
    private const int BatchSize = 1_000;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BacklogPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Runs until the rebuild has ended, here or in another process. The store then has a record of it.
    /// </summary>
    public async Task RunAsync(string shadow, RebuildProgress progress, CancellationToken cancellationToken)
    {
        progress.Phase = progress.IsRollback ? RebuildPhase.CatchingUp : RebuildPhase.Filling;
        Exception failure;
        var (failures, failingSince, filled) = (0, 0L, 0L);
        while (progress.Phase != RebuildPhase.Ended)
        {
            try
            {
                progress.Phase = await StepAsync(progress, cancellationToken);
                continue;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                failure = exception;
                progress.LastError = exception.Message;
                Log.Failed(logger, progress.Phase, exception);
            }

            if (failures == 0 || progress.Filled > filled)
                (failures, failingSince, filled) = (0, time.GetTimestamp(), progress.Filled);
            failures++;
            if (await HasEndedAsync(shadow, progress, failure, failingSince, cancellationToken))
                return;

            await Task.Delay(DelayAfter(failures), time, cancellationToken);
            if (progress.Phase == RebuildPhase.CuttingOver)
                progress.Phase = RebuildPhase.CatchingUp;
        }
    }

    /// <returns>The next phase.</returns>
    private async Task<RebuildPhase> StepAsync(RebuildProgress progress, CancellationToken cancellationToken)
    {
        switch (progress.Phase)
        {
            case RebuildPhase.Filling:
                progress.Orders = await generations.CountLiveAsync(cancellationToken);
                await FillAsync(progress, cancellationToken);
                return RebuildPhase.CatchingUp;
            case RebuildPhase.CatchingUp:
                await CatchUpAsync(progress, await RequireAcceptedAsync(cancellationToken), cancellationToken);
                return RebuildPhase.CuttingOver;
            default:
                var completed = new RebuildRecord(
                    RebuildOutcome.Completed, Generation: null, progress.IsRollback, time.GetUtcNow(),
                    progress.StartedAt, progress.Compared.Write);
                await generations.CutOverAsync(completed, cancellationToken);
                return RebuildPhase.Ended;
        }
    }

    /// <summary>
    /// Decides whether to retry after a failure. An outage of the write API or of the whole store is waited out. A
    /// shadow that keeps failing while the store responds ends the rebuild.
    /// </summary>
    private async Task<bool> HasEndedAsync(
        string shadow, RebuildProgress progress, Exception failure, long failingSince,
        CancellationToken cancellationToken)
    {
        try
        {
            var patience = options.Value.RebuildPatience;
            if ((await generations.ReadAsync(cancellationToken)).Shadow != shadow)
                return true;
            if (failure is not (ReadStoreUnavailableException or InvalidDataException)
                || time.GetElapsedTime(failingSince) < patience)
            {
                return false;
            }

            var reason = $"It failed for {patience.TotalSeconds:0.#} s: {failure.Message}";
            return await generations.AbandonShadowAsync(
                new(RebuildOutcome.GivenUp, shadow, progress.IsRollback, time.GetUtcNow(), progress.StartedAt,
                    Reason: reason),
                cancellationToken);
        }
        catch (ReadStoreUnavailableException exception)
        {
            Log.Undecided(logger, exception.Message);
            return false;
        }
    }

    private Task FillAsync(RebuildProgress progress, CancellationToken cancellationToken)
    {
        progress.StartFilling();
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.MaxBatchesInFlight,
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(
            MissingAsync(progress, cancellationToken).Chunk(BatchSize),
            parallel,
            async (batch, token) =>
            {
                // Single rejected documents are detected while catching up.
                var outcomes = await generations.Shadow.ApplyAsync(batch, token);
                if (outcomes.Where(IsUnexpected).ToList() is var rejected && rejected.Count == batch.Length)
                    throw Rejects(rejected);
                progress.AddFilled(batch.Length);
                if (consumer.Lag.Events > options.Value.MaxBatchEvents)
                    await Task.Delay(BacklogPause, time, token);
            });
    }

    /// <summary>Orders that the write database has and the shadow lacks. Merges two streams in id order.</summary>
    private async IAsyncEnumerable<SerializedOrder> MissingAsync(
        RebuildProgress progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stored = generations.Shadow.VersionsAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var hasStored = await stored.MoveNextAsync();
        await foreach (var order in writeApi.DocumentsAsync(cancellationToken))
        {
            while (hasStored && stored.Current.Id.CompareTo(order.Id) < 0)
                hasStored = await stored.MoveNextAsync();
            if (hasStored && stored.Current.Id == order.Id && stored.Current.Version >= order.Version)
                progress.AddFilled(1);
            else
                yield return order;
        }
    }

    /// <summary>
    /// Refuses what a reconciliation of the live generation refuses: a cutover to another write database, or to one that
    /// lacks too many orders, would remove their documents.
    /// </summary>
    /// <returns>The identity of the write database.</returns>
    private async Task<Guid?> RequireAcceptedAsync(CancellationToken cancellationToken)
    {
        var id = await writeApi.GetDatabaseIdAsync(cancellationToken);
        if (id is { } met && await source.FindRecordedAsync(met, cancellationToken) is var recorded && recorded != met)
            throw new InvalidDataException(SourceDatabase.Differs(met, recorded));

        var task = new ReconciliationTask("cutover", store) { DatabaseId = id, OnlyCompares = true };
        var report = await reconciliation.RunAsync(task, cancellationToken);
        return report.Refusal is { } refusal ? throw new InvalidDataException(refusal) : id;
    }

    private async Task CatchUpAsync(RebuildProgress progress, Guid? database, CancellationToken cancellationToken)
    {
        while (true)
        {
            List<IndexOutcome> rejected = [];
            progress.Compared = new();
            var task = new ReconciliationTask("rebuild", generations.Shadow)
            {
                DatabaseId = database,
                MayRemoveAll = true,
                Counts = progress.Compared,
                Written = (outcome, _) =>
                {
                    if (IsUnexpected(outcome))
                        rejected.Add(outcome);
                },
            };
            var report = await reconciliation.RunAsync(task, cancellationToken);
            if (rejected.Count > 0)
                throw Rejects(rejected);
            if (report.Differences <= report.Rejected)
                return;
        }
    }

    /// <summary>Whether it is rejected and no dead letter, which is also missing in the live generation.</summary>
    private bool IsUnexpected(IndexOutcome outcome) =>
        outcome.Result == IndexResult.Rejected && deadLetters.Find($"{outcome.OrderId}") is null;

    private static InvalidDataException Rejects(List<IndexOutcome> rejected) => new(
        $"The shadow rejects {rejected.Count} orders that the live generation accepts. The first is "
        + $"{rejected[0].OrderId}: {rejected[0].Reason}");

    private static TimeSpan DelayAfter(int failures)
    {
        var delay = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 10));
        return delay < LastRetry ? delay : LastRetry;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The rebuild failed while {Phase} and is retried")]
        public static partial void Failed(ILogger logger, RebuildPhase phase, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The state of the rebuild could not be read: {Reason}")]
        public static partial void Undecided(ILogger logger, string reason);
    }
}
