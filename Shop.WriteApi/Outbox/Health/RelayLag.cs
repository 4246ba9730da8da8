using System.Diagnostics.Metrics;
using NpgsqlTypes;

namespace Shop.WriteApi.Outbox.Health;

/// <summary>
/// The time since every commit was known to be published. It grows while that is not known: the database does not
/// respond, there is no slot, or the broker acknowledges nothing. It counts from the start of the process.
/// </summary>
internal sealed class RelayLag
{
    private const int MaxSamples = 4_096;

    private readonly Lock _lock = new();
    private readonly Queue<(long At, NpgsqlLogSequenceNumber End)> _unconfirmed = new();
    private readonly TimeProvider _time;
    private NpgsqlLogSequenceNumber _end;
    private long _publishedAsOf;
    private long _bytes;

    public RelayLag(TimeProvider time, IMeterFactory meters)
    {
        (_time, _publishedAsOf) = (time, time.GetTimestamp());
        var meter = meters.Create("Shop.WriteApi");
        meter.CreateObservableGauge("shop.relay.lag", () => Current.TotalSeconds, "s",
            "Time since when commits may be unpublished");
        meter.CreateObservableGauge("shop.relay.slot_lag", () => Bytes, "By", "Log that the slot retains");
    }

    public TimeSpan Current => _time.GetElapsedTime(Volatile.Read(ref _publishedAsOf));

    /// <summary>Log between the slot's confirmed position and the end, when they were last observed.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void Observe(NpgsqlLogSequenceNumber end, NpgsqlLogSequenceNumber confirmed)
    {
        lock (_lock)
        {
            // The log of a restored database may be shorter: earlier positions say nothing about it.
            if (end < _end)
                _unconfirmed.Clear();
            _end = end;
            if (_unconfirmed.Count < MaxSamples)
                _unconfirmed.Enqueue((_time.GetTimestamp(), end));
            while (_unconfirmed.TryPeek(out var oldest) && oldest.End <= confirmed)
                Volatile.Write(ref _publishedAsOf, _unconfirmed.Dequeue().At);
            Volatile.Write(ref _bytes, end > confirmed ? (long)((ulong)end - (ulong)confirmed) : 0);
        }
    }
}
