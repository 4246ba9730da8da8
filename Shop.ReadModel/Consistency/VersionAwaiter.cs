using System.Collections.Concurrent;

namespace Shop.ReadModel.Consistency;

/// <summary>
/// Holds readers back until the versions they wait for are searchable. All that wait are asked for in one query, a few
/// milliseconds apart while somebody is new, further apart when nobody is.
/// </summary>
public sealed class VersionAwaiter(IOrderSearch search, TimeProvider time)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Waiter, bool> _waiters = [];
    private readonly Lock _pollingLock = new();
    private bool _isPolling;

    /// <returns>What is not visible in time; nothing where all of it is.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<StaleVersion>> WaitAsync(
        IReadOnlyCollection<AwaitedVersion> versions, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
            return [];

        var waiter = new Waiter(versions, time.GetTimestamp());
        _waiters.TryAdd(waiter, true);
        StartPolling();
        try
        {
            await waiter.Visible.WaitAsync(timeout, time, cancellationToken);
            return [];
        }
        catch (TimeoutException)
        {
            return waiter.Stale;
        }
        finally
        {
            _waiters.TryRemove(waiter, out _);
        }
    }

    private void StartPolling()
    {
        lock (_pollingLock)
        {
            if (_isPolling)
                return;

            _isPolling = true;
        }

        _ = PollAsync();
    }

    private async Task PollAsync()
    {
        await Task.Yield();
        while (TryGetWaiters(out var waiters))
        {
            await LookAsync(waiters);
            var youngest = waiters.Min(waiter => time.GetElapsedTime(waiter.Since));
            await Task.Delay(Interval(youngest), time);
        }
    }

    // Under the lock, so that a waiter that comes as the last one goes either is seen here or starts the polling anew.
    private bool TryGetWaiters(out Waiter[] waiters)
    {
        lock (_pollingLock)
        {
            waiters = [.. _waiters.Keys.Where(waiter => !waiter.Visible.IsCompleted)];
            return _isPolling = waiters.Length > 0;
        }
    }

    private async Task LookAsync(Waiter[] waiters)
    {
        try
        {
            Guid[] ids = [.. waiters.SelectMany(waiter => waiter.Ids).Distinct()];
            var versions = await search.SearchableVersionsAsync(ids, CancellationToken.None);
            foreach (var waiter in waiters)
                waiter.Look(versions);
        }
#pragma warning disable CA1031 // Whatever it is, the waiters answer for it, and the polling goes on for the next ones.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var waiter in waiters)
                waiter.Fail(exception);
        }
    }

    // A tenth of the time waited so far: the wait is never prolonged by more than that.
    private static TimeSpan Interval(TimeSpan waited) => TimeSpan.FromTicks(
        Math.Clamp((waited / 10).Ticks, MinInterval.Ticks, MaxInterval.Ticks));

    private sealed class Waiter(IReadOnlyCollection<AwaitedVersion> versions, long since)
    {
        private readonly TaskCompletionSource _visible = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Since => since;
        public Task Visible => _visible.Task;
        public IEnumerable<Guid> Ids => versions.Select(version => version.OrderId);
        public IReadOnlyList<StaleVersion> Stale { get; private set; } =
            [.. versions.Select(version => new StaleVersion(version.OrderId, version.Version, Visible: null))];

        public void Look(IReadOnlyDictionary<Guid, long> visible)
        {
            Stale = [.. versions.Where(version => visible.GetValueOrDefault(version.OrderId) < version.Version)
                .Select(version => new StaleVersion(
                    version.OrderId,
                    version.Version,
                    visible.TryGetValue(version.OrderId, out var now) ? now : null))];
            if (Stale.Count == 0)
                _visible.TrySetResult();
        }

        public void Fail(Exception exception) => _visible.TrySetException(exception);
    }
}
