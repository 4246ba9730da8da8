using NpgsqlTypes;

namespace Shop.WriteApi.Relay;

/// <summary>
/// What may be confirmed to the database: the end of the longest run of transactions, from the first one on, whose
/// every event is acknowledged. Acknowledgements come in any order and from any thread.
/// </summary>
internal sealed class PublishedPrefix
{
    private readonly Lock _lock = new();
    private readonly Queue<Transaction> _open = new();
    private NpgsqlLogSequenceNumber _end;

    public bool IsIdle
    {
        get
        {
            lock (_lock)
                return _open.Count == 0;
        }
    }

    /// <summary>Transactions are begun in commit order.</summary>
    public Transaction Begin()
    {
        var transaction = new Transaction(this);
        lock (_lock)
            _open.Enqueue(transaction);
        return transaction;
    }

    /// <param name="received">
    /// The position that the server has reported, read before this call: with nothing in flight everything up to it is
    /// published or does not concern the outbox, because a transaction is begun here before its end is received.
    /// </param>
    public NpgsqlLogSequenceNumber Confirmable(NpgsqlLogSequenceNumber received)
    {
        lock (_lock)
            return _open.Count == 0 && received > _end ? received : _end;
    }

    private void Advance()
    {
        while (_open.TryPeek(out var first) && first.IsPublished)
        {
            _end = first.End!.Value;
            _open.Dequeue();
        }
    }

    internal sealed class Transaction(PublishedPrefix prefix)
    {
        private int _pending;

        internal NpgsqlLogSequenceNumber? End { get; private set; }

        internal bool IsPublished => End is not null && _pending == 0;

        /// <summary>An event is about to be sent.</summary>
        public void Sending()
        {
            lock (prefix._lock)
                _pending++;
        }

        public void Acknowledged()
        {
            lock (prefix._lock)
            {
                _pending--;
                prefix.Advance();
            }
        }

        /// <summary>No events follow; <paramref name="end"/> is where the log continues after the commit.</summary>
        public void Complete(NpgsqlLogSequenceNumber end)
        {
            lock (prefix._lock)
            {
                End = end;
                prefix.Advance();
            }
        }
    }
}
