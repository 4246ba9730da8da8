using OpenTelemetry;

namespace Shop.ReadModel.Consistency;

/// <summary>The minimum version of an order that a reader has to see.</summary>
public readonly record struct AwaitedVersion(Guid OrderId, long Version);

/// <summary>A version that did not become visible in time.</summary>
/// <param name="Visible">The version that a search currently finds; null if it does not find the order.</param>
public readonly record struct StaleVersion(Guid OrderId, long Awaited, long? Visible);

/// <summary>
/// Makes readers wait until the versions that they ask for are searchable. A store that can notify reports each version
/// as it becomes visible. All other waiters are checked together, with one query at a time.
/// </summary>
public sealed class VersionAwaiter(IOrderSearch search, TimeProvider time)
{
    private const int MaxRecentOrders = 50_000;
    private static readonly TimeSpan MinPollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan MaxPollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The interval between queries, and between checks of one waiter, while the store notifies.</summary>
    private static readonly TimeSpan ListeningInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SafetyInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly HashSet<Waiter> _waiters = [];
    private readonly Dictionary<Guid, VisibleVersion> _recent = [];
    private readonly Queue<Guid> _recentOrders = [];
    private bool _isChecking;
    private volatile bool _isListening;

    /// <summary>
    /// Whether <see cref="Notify"/> is called for every version that becomes visible. A change of this value discards
    /// earlier notifications and makes every waiter check the store.
    /// </summary>
    public bool IsListening
    {
        get => _isListening;
        set
        {
            lock (_lock)
            {
                _isListening = value;
                _recent.Clear();
                _recentOrders.Clear();
                CheckAll();
            }
        }
    }

    /// <summary>Notifies waiters of versions that have become visible.</summary>
    public void Notify(IReadOnlyDictionary<Guid, VisibleVersion> visible)
    {
        lock (_lock)
        {
            foreach (var (id, order) in visible)
            {
                if (!_recent.TryGetValue(id, out var known))
                    _recentOrders.Enqueue(id);
                if (order.Version > known.Version)
                    _recent[id] = order;
            }

            while (_recentOrders.Count > MaxRecentOrders)
                _recent.Remove(_recentOrders.Dequeue());
            foreach (var waiter in _waiters)
                waiter.Saw(visible);
        }
    }

    /// <summary>Checks every waiter soon, because versions that are not listed have become visible.</summary>
    public void CheckAll()
    {
        lock (_lock)
        {
            foreach (var waiter in _waiters)
                waiter.NextCheck = 0;
        }
    }

    /// <param name="scope">
    /// The orders that the caller may see. Waiting for another order is the same as waiting for one that does not exist.
    /// </param>
    /// <returns>
    /// The versions that did not become visible in time; empty if all are visible. Checks at least once.
    /// </returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<IReadOnlyList<StaleVersion>> WaitAsync(
        IReadOnlyCollection<AwaitedVersion> versions, CallerScope scope, TimeSpan timeout,
        CancellationToken cancellationToken)
    {
        var waiter = new Waiter(versions, scope, time.GetTimestamp());
        lock (_lock)
        {
            waiter.Saw(_recent);
            if (waiter.Visible.IsCompleted)
                return [];

            _waiters.Add(waiter);
            StartChecking();
        }

        try
        {
            await waiter.Visible.WaitAsync(timeout, time, cancellationToken);
            return [];
        }
        catch (TimeoutException)
        {
            // Even the shortest wait reports what is visible, so it needs one check.
            await waiter.Checked.WaitAsync(cancellationToken);
            lock (_lock)
                return waiter.Stale;
        }
        finally
        {
            lock (_lock)
                _waiters.Remove(waiter);
        }
    }

    private void StartChecking()
    {
        if (_isChecking)
            return;

        _isChecking = true;
        // The checks serve all waiters, so they do not belong to the trace of one request.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Run(CheckWhileAwaitedAsync);
    }

    private async Task CheckWhileAwaitedAsync()
    {
        using var untraced = SuppressInstrumentationScope.Begin();
        while (TryGetDue(out var due))
        {
            if (due.Length > 0)
                await CheckAsync(due);

            await Task.Delay(_isListening ? ListeningInterval : MinPollInterval, time);
        }
    }

    /// <returns>
    /// False if there are no waiters. Adding a waiter takes the same lock, and the next waiter starts the checks again.
    /// </returns>
    private bool TryGetDue(out Waiter[] due)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            due = [.. _waiters.Where(waiter => waiter.NextCheck <= now && !waiter.Visible.IsCompleted)];
            foreach (var waiter in due)
                waiter.NextCheck = now + (long)(IntervalOf(waiter).TotalSeconds * time.TimestampFrequency);
            return _isChecking = _waiters.Count > 0;
        }
    }

    // A tenth of the time waited so far, so that no wait becomes more than a tenth longer.
    private TimeSpan IntervalOf(Waiter waiter)
    {
        var polling = time.GetElapsedTime(waiter.Since) / 10;
        return _isListening ? SafetyInterval : polling < MaxPollInterval ? polling : MaxPollInterval;
    }

    private async Task CheckAsync(Waiter[] waiters)
    {
        try
        {
            Guid[] ids = [.. waiters.SelectMany(waiter => waiter.Ids).Distinct()];
            var versions = await search.SearchableVersionsAsync(ids, CancellationToken.None);
            lock (_lock)
            {
                foreach (var waiter in waiters)
                    waiter.WasChecked(versions);
            }
        }
#pragma warning disable CA1031 // The waiters rethrow the exception, and the checks continue for later waiters.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            foreach (var waiter in waiters)
                waiter.Fail(exception);
        }
    }
}
