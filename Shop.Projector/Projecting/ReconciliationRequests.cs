namespace Shop.Projector.Projecting;

/// <summary>Requests for a reconciliation. Those that arrive while one runs are merged into one more.</summary>
internal sealed class ReconciliationRequests : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private ReconciliationRequest? _pending;

    public bool ArePending
    {
        get
        {
            lock (_lock)
                return _pending is not null;
        }
    }

    public void Add(ReconciliationRequest request)
    {
        lock (_lock)
        {
            _pending = _pending?.And(request) ?? request;
            if (_arrived.CurrentCount == 0)
                _arrived.Release();
        }
    }

    /// <summary>Waits for a request.</summary>
    /// <returns>Null if none arrives within <paramref name="limit"/>.</returns>
    public async Task<ReconciliationRequest?> TakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _arrived.WaitAsync(limit, cancellationToken);
        lock (_lock)
        {
            var taken = _pending;
            _pending = null;
            return taken;
        }
    }

    public void Dispose() => _arrived.Dispose();
}

/// <param name="Reason">What asked for it.</param>
internal sealed record ReconciliationRequest(string Reason)
{
    /// <summary>Whether to compare the content of documents of equal version.</summary>
    public bool IsDeep { get; init; }

    /// <summary>The write database whose state an operator accepts, whatever that removes.</summary>
    public Guid? Confirmed { get; init; }

    /// <summary>Whether to start at once rather than after the backlog, which may hold what is missing.</summary>
    public bool IsUrgent { get; init; }

    public ReconciliationRequest And(ReconciliationRequest other) => new(other.Reason)
    {
        IsDeep = IsDeep || other.IsDeep,
        Confirmed = other.Confirmed ?? Confirmed,
        IsUrgent = IsUrgent || other.IsUrgent,
    };
}
