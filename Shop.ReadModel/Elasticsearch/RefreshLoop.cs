using Shop.ReadModel.Elasticsearch.Client;
using Shop.ServiceDefaults.Background;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Makes written documents searchable. Refreshes at once after a quiet time, at short intervals while orders change,
/// and at long intervals while a backlog is processed, because every refresh creates a segment.
/// </summary>
internal sealed class RefreshLoop(ElasticsearchRest rest, ElasticsearchOptions options, LoopServices services)
    : SupervisedLoop("refresh", services)
{
    /// <summary>The number of documents since the last refresh that counts as a backlog.</summary>
    private const int Backlog = 500;

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private int _dirty;
    private bool _isRefreshing;
    private long? _lastRefresh;

    protected override TimeSpan Interval => TimeSpan.Zero;

    protected override TimeSpan MaxRetryDelay => options.BacklogRefreshInterval;

    /// <summary>Records that documents were written.</summary>
    /// <param name="documents">Their number; 0 if it is not known.</param>
    public void MarkDirty(int documents)
    {
        lock (_lock)
        {
            _dirty += Math.Max(1, documents);
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Completes when everything that was written before the call is searchable.</summary>
    /// <exception cref="ReadStoreUnavailableException">The refresh failed. It is retried in any case.</exception>
    public Task WhenCleanAsync(CancellationToken cancellationToken)
    {
        var clean = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_dirty == 0 && !_isRefreshing)
                return Task.CompletedTask;

            _waiting.Add(clean);
            if (_dirty == 0)
                MarkDirty(documents: 0);
        }

        return clean.Task.WaitAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Refreshes once, when something was written and the interval has passed.</summary>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await _wake.WaitAsync(cancellationToken);
        var interval = _dirty >= Backlog ? options.BacklogRefreshInterval : options.RefreshInterval;
        if (_lastRefresh is { } last && interval - Time.GetElapsedTime(last) is { Ticks: > 0 } pause)
            await Task.Delay(pause, Time, cancellationToken);

        _lastRefresh = Time.GetTimestamp();
        var (dirty, waiting) = Begin();
        try
        {
            await rest.ExpectAsync(HttpMethod.POST, $"/{options.Alias}/_refresh", "", cancellationToken);
            End(unrefreshed: 0);
            foreach (var clean in waiting)
                clean.TrySetResult();
        }
        catch (Exception exception)
        {
            End(dirty);
            var failure = exception as ReadStoreUnavailableException
                ?? new ReadStoreUnavailableException($"The refresh failed: {exception.Message}", exception);
            foreach (var clean in waiting)
                clean.TrySetException(failure);
            throw;
        }
    }

    private (int Dirty, TaskCompletionSource[] Waiting) Begin()
    {
        lock (_lock)
        {
            (int, TaskCompletionSource[]) begun = (_dirty, [.. _waiting]);
            _dirty = 0;
            _waiting.Clear();
            _isRefreshing = true;
            return begun;
        }
    }

    /// <param name="unrefreshed">The number of documents that a failed refresh leaves for the next one.</param>
    private void End(int unrefreshed)
    {
        lock (_lock)
        {
            _isRefreshing = false;
            if (unrefreshed > 0)
                MarkDirty(unrefreshed);
        }
    }
}
