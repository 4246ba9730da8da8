using System.Threading.Channels;
using Shop.ReadModel;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Live;

/// <summary>The orders of one read of the store, shared by all streams.</summary>
/// <param name="EventId">Where a client resumes that has received everything before these orders.</param>
internal sealed record LiveBatch(string EventId, IReadOnlyList<LiveOrder> Orders, bool IsReset);

/// <summary>An order with its event, which is made when the first stream sends it, and once for all of them.</summary>
internal sealed class LiveOrder(AnalyzedOrder order, string eventId)
{
    private readonly Lazy<Task<byte[]>> _event = new(() => LiveEvent.OrderAsync(order.Order, eventId));

    public AnalyzedOrder Order => order;

    public Task<byte[]> EventAsync(CallerScope scope) => order.Order.For(scope) is var seen && seen == order.Order
        ? _event.Value
        : LiveEvent.OrderAsync(seen, eventId);
}

/// <summary>The batches that one stream has not sent yet. A stream that is too far behind is dropped.</summary>
internal sealed class LiveSubscription(int maxBehind, Action<LiveSubscription> remove) : IDisposable
{
    private readonly CancellationTokenSource _dropped = new();
    private readonly Channel<LiveBatch> _batches = Channel.CreateBounded<LiveBatch>(
        new BoundedChannelOptions(maxBehind) { SingleReader = true, SingleWriter = true });

    private bool _isStarted;
    private CancellationTokenSource? _timer;

    public CancellationToken Dropped => _dropped.Token;

    public bool IsEmpty => _batches.Reader.Count == 0;

    /// <summary>Adds a batch. The first one tells the position, even if it has no orders.</summary>
    public void Offer(LiveBatch batch)
    {
        if (_isStarted && batch.Orders.Count == 0 && !batch.IsReset)
            return;

        _isStarted = true;
        if (_batches.Writer.TryWrite(batch))
            return;

        remove(this);
        _dropped.Cancel();
    }

    /// <returns>Null if there is none in time.</returns>
    public async Task<LiveBatch?> TryReadAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_batches.Reader.TryRead(out var ready))
            return ready;

        // A timer is used until it has elapsed; a new one for each batch of each stream would be most of the garbage.
        if (_timer?.TryReset() is true)
        {
            _timer.CancelAfter(timeout);
        }
        else
        {
            _timer?.Dispose();
            _timer = new(timeout, time);
        }

        using var _ = cancellationToken.UnsafeRegister(static timer => ((CancellationTokenSource)timer!).Cancel(), _timer);
        try
        {
            return await _batches.Reader.ReadAsync(_timer.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose()
    {
        remove(this);
        _dropped.Dispose();
        _timer?.Dispose();
    }
}
