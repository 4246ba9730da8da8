using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Auditing;
using Shop.Projector.Telemetry;
using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>The read store, tried until it answers. What it is found to lack is asked for from an audit.</summary>
internal sealed partial class ReadStore(
    IOrderIndex index, AuditRequests audits, ProjectorMetrics metrics, IOptions<ProjectorOptions> options,
    TimeProvider time, ILogger<ReadStore> logger) : IOrderGeneration
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);

    private volatile string? _trouble;
    private volatile bool _isOutdated;

    /// <summary>Why the store does not take writes; null while it does.</summary>
    public string? Trouble => _trouble;

    /// <summary>Whether the store has the schema of another version.</summary>
    public bool IsOutdated => _isOutdated;

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        RetryAsync(() => index.ApplyAsync(documents, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        RetryAsync(() => index.RepairAsync(documents, cancellationToken), cancellationToken);

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        index.RemoveAsync(ids, cancellationToken);

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        index.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        index.ContentHashesAsync(cancellationToken);

    /// <summary>Creates or verifies the schema; waits for as long as the store does not answer.</summary>
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
            audits.Request("the read store was created or put right");
        else if (state == IndexState.Outdated && !_isOutdated)
            Log.Outdated(logger);
        _isOutdated = state == IndexState.Outdated;
    }

    private async Task<T> RetryAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        var delay = FirstDelay;
        while (true)
        {
            try
            {
                var result = await write();
                _trouble = null;
                return result;
            }
            catch (ReadStoreUnavailableException exception)
            {
                _trouble = exception.Message;
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
        catch (ReadStoreUnavailableException exception)
        {
            _trouble = exception.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The read store does not take writes: {Reason}. Next try in {Delay} ms")]
        public static partial void Unavailable(ILogger logger, string reason, double delay);

        [LoggerMessage(LogLevel.Warning, "The read store has the schema of another version and needs a rebuild")]
        public static partial void Outdated(ILogger logger);
    }
}
