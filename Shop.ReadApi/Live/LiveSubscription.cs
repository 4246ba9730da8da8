using System.Threading.Channels;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Live;

/// <summary>The orders of one read of the store, shared by all streams.</summary>
/// <param name="EventId">Where a client resumes that has received everything before these orders.</param>
internal sealed record LiveBatch(string EventId, IReadOnlyList<AnalyzedOrder> Orders, bool IsReset);

/// <summary>The batches that one stream has not sent yet. A stream that is too far behind is dropped.</summary>
internal sealed class LiveSubscription(int maxBehind, Action<LiveSubscription> remove) : IDisposable
{
    private readonly CancellationTokenSource _dropped = new();
    private readonly Channel<LiveBatch> _batches = Channel.CreateBounded<LiveBatch>(
        new BoundedChannelOptions(maxBehind) { SingleReader = true, SingleWriter = true });

    private bool _isStarted;

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

        using var timer = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await _batches.Reader.ReadAsync(either.Token);
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
    }
}
