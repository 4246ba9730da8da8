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
    private int _dirty;
    private bool _isRefreshing;
    private Func<CancellationToken, Task>? _afterwards;
    private Task? _loop;

    /// <summary>Says that documents were written; 0 for an unknown number of them.</summary>
    public void MarkDirty(int documents) => Wake(() => _dirty += Math.Max(1, documents));

    /// <summary>Does something once all that was written before is searchable; a later call takes its place.</summary>
    /// <returns>False, and nothing is done, where there is nothing to wait for.</returns>
    public bool TryAfterRefresh(Func<CancellationToken, Task> action)
    {
        lock (_lock)
        {
            if (_dirty == 0 && !_isRefreshing)
                return false;

            _afterwards = action;
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is { } loop)
            await loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        _stop.Dispose();
        _wake.Dispose();
    }

    private void Wake(Action change)
    {
        lock (_lock)
        {
            change();
            _loop ??= Task.Run(() => RunAsync(_stop.Token));
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
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
            var (dirty, afterwards) = BeginRefresh();
            if (dirty == 0)
                continue;

            try
            {
                await rest.ExpectAsync(HttpMethod.POST, $"/{options.Alias}/_refresh", "", cancellationToken);
                await RunAllAsync(afterwards, EndRefresh(), cancellationToken);
            }
            catch (ReadStoreUnavailableException exception)
            {
                Log.Failed(_logger, exception);
                EndRefresh();
                MarkDirty(dirty);
                await Task.Delay(options.BacklogRefreshInterval, time, cancellationToken);
            }
        }
    }

    private (int Dirty, Func<CancellationToken, Task>? Afterwards) BeginRefresh()
    {
        lock (_lock)
        {
            var begun = (_dirty, _afterwards);
            (_dirty, _afterwards) = (0, null);
            _isRefreshing = begun._dirty > 0;
            return begun;
        }
    }

    /// <returns>What was asked for meanwhile, where the next refresh need not be waited for.</returns>
    private Func<CancellationToken, Task>? EndRefresh()
    {
        lock (_lock)
        {
            _isRefreshing = false;
            if (_dirty > 0)
                return null;

            var afterwards = _afterwards;
            _afterwards = null;
            return afterwards;
        }
    }

    private static async Task RunAllAsync(
        Func<CancellationToken, Task>? first,
        Func<CancellationToken, Task>? second,
        CancellationToken cancellationToken)
    {
        if (first is not null)
            await first(cancellationToken);
        if (second is not null)
            await second(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A refresh failed; it is tried again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
