using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Telemetry;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Projecting;

/// <summary>
/// The read store. Writes are retried until it responds. A document that fails in an unforeseen way while others are
/// written is rejected. If every document of a batch fails, the store may be at fault: the batch is retried until another
/// write succeeds, or for a limited time.
/// </summary>
internal sealed partial class ReadStore(
    IOrderIndex index, IIndexGenerations generations, ReconciliationRequests reconciliations, ProjectorMetrics metrics,
    IOptions<ProjectorOptions> options, TimeProvider time, ILogger<ReadStore> logger) : IOrderGeneration
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);

    private volatile string? _lastError;
    private volatile bool _isOutdated;
    private long _successes;
    private FailedReports? _failedReports;

    /// <summary>Why the last write failed; null if it succeeded.</summary>
    public string? LastError => _lastError;

    /// <summary>Whether the store has the schema of another version.</summary>
    public bool IsOutdated => _isOutdated;

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, index.ApplyAsync, cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, index.RepairAsync, cancellationToken);

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        index.RemoveAsync(ids, cancellationToken);

    /// <summary>Removes erased orders from the previous generation; waits for as long as the store does not respond.</summary>
    public Task RemovePreviousAsync(IReadOnlyList<OrderVersion> erased, CancellationToken cancellationToken) =>
        RetryAsync(
            async () =>
            {
                await generations.RemovePreviousAsync(erased, cancellationToken);
                return true;
            },
            cancellationToken);

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        index.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        index.ContentHashesAsync(cancellationToken);

    public Task WhenSearchableAsync(CancellationToken cancellationToken) =>
        index.WhenSearchableAsync(cancellationToken);

    /// <summary>Saves freshness, which shows whether the store responds while there is nothing to write.</summary>
    public async Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken)
    {
        try
        {
            await index.SaveFreshnessAsync(report, cancellationToken);
            _failedReports = null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _failedReports = new(_failedReports?.Since ?? time.GetTimestamp(), exception.Message);
            throw;
        }
    }

    /// <summary>Why freshness could not be saved for at least this long; null if it could.</summary>
    public string? ReportErrorAfter(TimeSpan limit) =>
        _failedReports is { } failed && time.GetElapsedTime(failed.Since) >= limit ? failed.Error : null;

    /// <summary>Creates or verifies the schema; waits for as long as the store does not respond.</summary>
    public Task EnsureCreatedAsync(CancellationToken cancellationToken) =>
        RetryAsync(
            async () =>
            {
                await VerifyAsync(cancellationToken);
                return true;
            },
            cancellationToken);

    /// <summary>Creates or verifies the schema once.</summary>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var state = await index.EnsureCreatedAsync(cancellationToken);
        if (state == IndexState.Created)
            reconciliations.Add(new("the read store was created or repaired"));
        else if (state == IndexState.Outdated && !_isOutdated)
            Log.Outdated(logger);
        _isOutdated = state == IndexState.Outdated;
    }

    private Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents, Write write, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var successesAtFailure = long.MaxValue;
        return RetryAsync(
            async () =>
            {
                var attempt = new Attempt();
                await WriteAsync(documents, write, attempt, cancellationToken);
                if (attempt.Failures.Count < attempt.Outcomes.Count || attempt.Outcomes.Count == 0)
                {
                    Interlocked.Increment(ref _successes);
                    return (IReadOnlyList<IndexOutcome>)attempt.Outcomes;
                }

                var successes = Interlocked.Read(ref _successes);
                if (successes > successesAtFailure || time.GetElapsedTime(startedAt) >= options.Value.MaxUnforeseenFailure)
                    return attempt.Outcomes;

                successesAtFailure = Math.Min(successes, successesAtFailure);
                throw new ReadStoreUnavailableException(
                    $"Each document of a batch failed: {attempt.Failures[0].Message}", attempt.Failures[0]);
            },
            cancellationToken);
    }

    /// <summary>Writes the documents; if that fails in an unforeseen way, each half of them.</summary>
    private static async Task WriteAsync(
        IReadOnlyList<SerializedOrder> documents, Write write, Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            attempt.Outcomes.AddRange(await write(documents, cancellationToken));
            return;
        }
#pragma warning disable CA1031 // A document that makes a write fail in an unforeseen way must not keep others out.
        catch (Exception exception) when (
            exception is not ReadStoreUnavailableException && !cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            if (documents is [var single])
            {
                attempt.Failures.Add(exception);
                attempt.Outcomes.Add(new(single.Id, IndexResult.Rejected, exception.Message));
                return;
            }
        }

        var half = documents.Count / 2;
        await WriteAsync([.. documents.Take(half)], write, attempt, cancellationToken);
        await WriteAsync([.. documents.Skip(half)], write, attempt, cancellationToken);
    }

    private async Task<T> RetryAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (true)
        {
            try
            {
                var result = await write();
                _lastError = null;
                return result;
            }
            catch (ReadStoreUnavailableException exception)
            {
                _lastError = exception.Message;
                metrics.StoreFailed();
                Log.Unavailable(logger, exception.Message, delay.TotalMilliseconds);
            }

            await Task.Delay(delay, time, cancellationToken);
            delay = delay * 2 < options.Value.MaxStoreDelay ? delay * 2 : options.Value.MaxStoreDelay;
            await TryVerifyAsync(cancellationToken);
        }
    }

    // A write may have failed because the schema is gone.
    private async Task TryVerifyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await VerifyAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever keeps the schema from being verified, the write is retried.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            _lastError = exception.Message;
        }
    }

    private delegate Task<IReadOnlyList<IndexOutcome>> Write(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken);

    private sealed record FailedReports(long Since, string Error);

    private sealed class Attempt
    {
        public List<IndexOutcome> Outcomes { get; } = [];

        /// <summary>Of the documents that failed in an unforeseen way, each written alone.</summary>
        public List<Exception> Failures { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A write to the read store failed: {Reason}. The next attempt is in {Delay} ms")]
        public static partial void Unavailable(ILogger logger, string reason, double delay);

        [LoggerMessage(LogLevel.Warning, "The read store has the schema of another version and needs a rebuild")]
        public static partial void Outdated(ILogger logger);
    }
}

/// <summary>Verifies the store's schema from time to time, and puts back what is missing.</summary>
internal sealed class ReadStoreVerifier(
    ReadStore store, IOptions<ProjectorOptions> options, LoopServices services)
    : SupervisedLoop("read store verification", services)
{
    protected override TimeSpan Interval => options.Value.VerifyInterval;

    protected override Task RunOnceAsync(CancellationToken cancellationToken) => store.VerifyAsync(cancellationToken);
}
