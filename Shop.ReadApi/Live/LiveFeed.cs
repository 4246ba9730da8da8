using Microsoft.Extensions.Options;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;

namespace Shop.ReadApi.Live;

/// <summary>
/// Reads changes from the store while there are streams, once for all of them. Every replica of the read API does so by
/// itself, and a position is valid in each of them.
/// </summary>
internal sealed class LiveFeed(
    IOrderChanges changes, LivePositions positions, IOptions<LiveOptions> options, LoopServices services)
    : SupervisedLoop("live orders", services)
{
    private readonly Lock _lock = new();
    private readonly HashSet<LiveSubscription> _subscriptions = [];
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly Queue<(long ReadAt, string Position)> _reached = [];
    private Dictionary<Guid, long> _known = [];
    private string? _settled;
    private volatile string? _settledId;

    /// <summary>
    /// The event id of the position below which everything has been published; null before the first read. It is set
    /// after the publication.
    /// </summary>
    public string? Settled => _settledId;

    protected override TimeSpan Interval => options.Value.PollInterval;

    /// <returns>Null if there are too many streams.</returns>
    public LiveSubscription? TrySubscribe()
    {
        var subscription = new LiveSubscription(options.Value.MaxBehind, Remove);
        lock (_lock)
        {
            if (_subscriptions.Count >= options.Value.MaxStreams)
                return null;

            _subscriptions.Add(subscription);
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }

        return subscription;
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Publishes everything that has become visible since the last time.</summary>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        if (Subscriptions().Length == 0)
        {
            Restart(null);
            await _wake.WaitAsync(cancellationToken);
            return;
        }

        var (startedAt, position) = (Time.GetTimestamp(), _settled);
        Dictionary<Guid, long> versions = [];
        OrderChanges read;
        string? before;
        do
        {
            before = position;
            read = await changes.ReadAsync(before, _known, cancellationToken);
            position = read.Position;
            if (before is null || read.IsReset)
            {
                Restart(position);
                Publish(new(_settledId!, [], read.IsReset));
                return;
            }

            foreach (var (id, version) in read.Versions)
                versions[id] = version;
            var eventId = _settledId!;
            Publish(new(eventId, [.. read.Orders.Select(order => new LiveOrder(new(order), eventId))], IsReset: false));
        }
        while (read.HasMore && position != before);

        _known = versions;
        Settle(startedAt, position);
    }

    private void Settle(long readAt, string position)
    {
        _reached.Enqueue((readAt, position));
        while (_reached.TryPeek(out var oldest) && Time.GetElapsedTime(oldest.ReadAt) >= changes.Settling)
            MoveTo(_reached.Dequeue().Position);
    }

    private void MoveTo(string? position)
    {
        if (position == _settled)
            return;
        _settled = position;
        _settledId = position is null ? null : positions.ToEventId(position);
    }

    private void Publish(LiveBatch batch)
    {
        foreach (var subscription in Subscriptions())
            subscription.Offer(batch);
    }

    private void Restart(string? position)
    {
        MoveTo(position);
        _reached.Clear();
        _known.Clear();
    }

    private LiveSubscription[] Subscriptions()
    {
        lock (_lock)
            return [.. _subscriptions];
    }

    private void Remove(LiveSubscription subscription)
    {
        lock (_lock)
            _subscriptions.Remove(subscription);
    }
}
