using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// How far the slot's confirmed position is behind the log's end, in bytes and in seconds. Seconds are counted from
/// when the log was seen to end at a position to when that position was seen confirmed, whichever replica relays.
/// </summary>
internal sealed class RelayLag(TimeProvider time)
{
    private const int MaxSamples = 4_096;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset At, NpgsqlLogSequenceNumber End)> _samples = new();
    private NpgsqlLogSequenceNumber _confirmed;
    private volatile RelayLagSample? _current;

    /// <summary>Null before the first sample, and while there is no slot.</summary>
    public RelayLagSample? Current => _current;

    public void Observe(NpgsqlLogSequenceNumber end, NpgsqlLogSequenceNumber confirmed)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            _confirmed = confirmed;
            while (_samples.TryPeek(out var oldest) && oldest.End <= confirmed)
                _samples.Dequeue();

            // The oldest ones count; when there are too many, the newer are left out.
            if (end > confirmed && _samples.Count < MaxSamples)
                _samples.Enqueue((now, end));
            var seconds = _samples.TryPeek(out var waiting) ? (now - waiting.At).TotalSeconds : 0;
            _current = new(seconds, end > confirmed ? (long)((ulong)end - (ulong)confirmed) : 0);
        }
    }

    public void Lost() => _current = null;

    /// <summary>Returns once the slot has confirmed <paramref name="position"/>.</summary>
    public async Task WaitForAsync(NpgsqlLogSequenceNumber position, CancellationToken cancellationToken)
    {
        while (!IsConfirmed(position))
            await Task.Delay(Poll, time, cancellationToken);
    }

    private bool IsConfirmed(NpgsqlLogSequenceNumber position)
    {
        lock (_lock)
            return _current is not null && _confirmed >= position;
    }
}

internal sealed record RelayLagSample(double Seconds, long Bytes);
