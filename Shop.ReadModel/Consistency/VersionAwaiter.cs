using System.Collections.Concurrent;

namespace Shop.ReadModel.Consistency;

/// <summary>
/// Holds readers back until the versions they wait for are searchable. Who is new is looked for at once. Then the store
/// tells of each version that becomes visible, where it can; else all that wait are asked for in one query, a few
/// milliseconds apart while somebody is new, further apart when nobody is.
/// </summary>
public sealed class VersionAwaiter(IOrderSearch search, TimeProvider time)
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<Waiter, bool> _waiters = [];
    private readonly Lock _pollingLock = new();
    private bool _isPolling;
    private volatile bool _isTold;
    private volatile TaskCompletionSource _wakeUp = NewSignal();

    /// <summary>Whether <see cref="Tell"/> is called for all that becomes visible; the polls are a safety net then.</summary>
    public bool IsTold
    {
        get => _isTold;
        set => _isTold = value;
    }

    /// <param name="visible">Versions that are searchable from now on.</param>
    public void Tell(IReadOnlyDictionary<Guid, long> visible)
    {
        foreach (var waiter in _waiters.Keys)
            waiter.Saw(visible);
    }

    /// <summary>Asks the store now: something has become visible.</summary>
    public void Look() => _wakeUp.TrySetResult();

    /// <returns>What is not visible in time; nothing where all of it is.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer.</exception>
    public async Task<IReadOnlyList<StaleVersion>> WaitAsync(
        IReadOnlyCollection<AwaitedVersion> versions, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (versions.Count == 0)
            return [];

        var waiter = new Waiter(versions, time.GetTimestamp());
        _waiters.TryAdd(waiter, true);
        Look();
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
        while (true)
        {
            // Made before the waiters are counted: who comes while the store is asked is looked for right after.
            var wakeUp = _wakeUp = NewSignal();
            if (!TryGetWaiters(out var waiters))
                return;

            await LookAsync(waiters);
            // Under load somebody new comes all the time; how often the store is asked has a bound all the same.
            if (!_isTold)
                await Task.Delay(MinInterval, time);
            await Task.WhenAny(wakeUp.Task, Task.Delay(IntervalOf(waiters), time));
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
                waiter.Saw(versions);
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
    private TimeSpan IntervalOf(Waiter[] waiters) => _isTold
        ? MaxInterval
        : TimeSpan.FromTicks(Math.Clamp(
            (waiters.Min(waiter => time.GetElapsedTime(waiter.Since)) / 10).Ticks,
            MinInterval.Ticks,
            MaxInterval.Ticks));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
