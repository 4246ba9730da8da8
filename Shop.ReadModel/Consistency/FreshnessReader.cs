namespace Shop.ReadModel.Consistency;

/// <summary>
/// Reads the store's freshness at most four times a second, whatever the number of callers. An earlier result is still
/// true, since as-of times only rise.
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
                // The callers share it, so that none of them may cancel it.
                _freshness = search.ReadFreshnessAsync(CancellationToken.None);
            }

            return _freshness.WaitAsync(cancellationToken);
        }
    }
}
