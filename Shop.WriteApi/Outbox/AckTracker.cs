using NpgsqlTypes;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Tracks which transactions the broker has acknowledged. The low-water mark is the end of the longest prefix of
/// transactions, in commit order, whose every message is acknowledged: what may be confirmed to the database.
/// Acknowledgements arrive in any order and on any thread.
/// </summary>
internal sealed class AckTracker
{
    private readonly Lock _lock = new();
    private readonly Queue<Transaction> _open = new();
    private NpgsqlLogSequenceNumber _lowWaterMark;

    /// <summary>Whether every message of every transaction is acknowledged.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _open.Count == 0;
        }
    }

    public NpgsqlLogSequenceNumber LowWaterMark
    {
        get
        {
            lock (_lock)
                return _lowWaterMark;
        }
    }

    /// <summary>Starts the next transaction. Call it in commit order.</summary>
    /// <param name="committedAt">When the transaction committed; null if that is not known.</param>
    public Transaction Begin(DateTime? committedAt)
    {
        var transaction = new Transaction(this, committedAt);
        lock (_lock)
            _open.Enqueue(transaction);
        return transaction;
    }

    /// <summary>Moves the low-water mark to a position that the server has reported, if nothing is in flight.</summary>
    /// <param name="received">
    /// Must be read before this call. With nothing in flight, everything up to it is published or is not the outbox's,
    /// because a transaction begins here before its end is received.
    /// </param>
    public NpgsqlLogSequenceNumber AdvanceTo(NpgsqlLogSequenceNumber received)
    {
        lock (_lock)
        {
            if (_open.Count == 0 && received > _lowWaterMark)
                _lowWaterMark = received;
            return _lowWaterMark;
        }
    }

    private void Advance()
    {
        lock (_lock)
        {
            while (_open.TryPeek(out var first) && first.IsAcknowledged)
            {
                _lowWaterMark = first.End;
                _open.Dequeue();
            }
        }
    }

    internal sealed class Transaction(AckTracker tracker, DateTime? committedAt)
    {
        // One for each message that is not acknowledged, and one until the transaction is complete.
        private int _pending = 1;

        public DateTime? CommittedAt => committedAt;

        internal NpgsqlLogSequenceNumber End { get; private set; }

        internal bool IsAcknowledged => Volatile.Read(ref _pending) == 0;

        /// <summary>Call it before each message is sent.</summary>
        public void Sending() => Interlocked.Increment(ref _pending);

        public void Acknowledged()
        {
            if (Interlocked.Decrement(ref _pending) == 0)
                tracker.Advance();
        }

        /// <summary>No messages follow.</summary>
        /// <param name="end">Where the log continues after the commit.</param>
        public void Complete(NpgsqlLogSequenceNumber end)
        {
            End = end;
            Acknowledged();
        }
    }
}
