using Microsoft.Extensions.Logging;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Makes written documents searchable: at once after a quiet time, in short intervals while orders change, in long
/// ones while a backlog is worked off, since every refresh costs a segment.
/// </summary>
internal sealed partial class RefreshLoop(
    ElasticsearchRest rest, ElasticsearchOptions options, TimeProvider time, ILogger<RefreshLoop> logger)
    : IAsyncDisposable
{
    /// <summary>So many documents since the last refresh are a backlog.</summary>
    private const int Backlog = 500;

    private readonly ILogger _logger = logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<TaskCompletionSource> _waiting = [];
    private int _dirty;
    private bool _isRefreshing;
    private Task? _loop;

    /// <summary>Says that documents were written; 0 for an unknown number of them.</summary>
    public void MarkDirty(int documents)
    {
        lock (_lock)
        {
            _dirty += Math.Max(1, documents);
            _loop ??= Task.Run(() => RunAsync(_stop.Token));
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Completes when all that was written before is searchable.</summary>
    /// <exception cref="ReadStoreUnavailableException">The refresh failed; it is tried again without being asked.</exception>
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

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is { } loop)
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _stop.Dispose();
        _wake.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var last = time.GetTimestamp() - time.TimestampFrequency;
        while (true)
        {
            await _wake.WaitAsync(cancellationToken);
            var interval = _dirty >= Backlog ? options.BacklogRefreshInterval : options.RefreshInterval;
            if (interval - time.GetElapsedTime(last) is { Ticks: > 0 } pause)
                await Task.Delay(pause, time, cancellationToken);

            last = time.GetTimestamp();
            var (dirty, waiting) = Begin();
            try
            {
                await rest.ExpectAsync(HttpMethod.POST, $"/{options.Alias}/_refresh", "", cancellationToken);
                End(written: 0);
                foreach (var clean in waiting)
                    clean.TrySetResult();
            }
            catch (ReadStoreUnavailableException exception)
            {
                Log.Failed(_logger, exception);
                End(dirty);
                foreach (var clean in waiting)
                    clean.TrySetException(exception);

                await Task.Delay(options.BacklogRefreshInterval, time, cancellationToken);
            }
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

    /// <summary>What a refresh that failed leaves to the next one.</summary>
    private void End(int written)
    {
        lock (_lock)
        {
            _isRefreshing = false;
            if (written > 0)
                MarkDirty(written);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A refresh failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
