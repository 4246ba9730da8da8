namespace Shop.ReadModel.Consistency;

/// <summary>
/// Reads the store's freshness at most four times a second, however many callers there are. An earlier result stays
/// true, because as-of times only increase.
/// </summary>
public sealed class FreshnessReader(IOrderSearch search, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private Task<Freshness?>? _freshness;
    private long _startedAt;

    /// <inheritdoc cref="IOrderSearch.ReadFreshnessAsync"/>
    public Task<Freshness?> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_freshness is null or { IsFaulted: true } || time.GetElapsedTime(_startedAt) > MaxAge)
            {
                _startedAt = time.GetTimestamp();
                // The callers share the read, so a single caller must not cancel it.
                _freshness = search.ReadFreshnessAsync(CancellationToken.None);
            }

            return _freshness.WaitAsync(cancellationToken);
        }
    }
}
