namespace Shop.ReadModel.Consistency;

/// <summary>
/// The moment up to which the documents are complete. The store is asked a few times a second at most, whatever the
/// number of readers: an answer of a moment ago is still true, it only promises a little less.
/// </summary>
public sealed class FreshnessReader(IOrderSearch search, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private Task<Freshness?>? _freshness;
    private long _askedAt;

    /// <inheritdoc cref="IOrderSearch.ReadFreshnessAsync"/>
    public Task<Freshness?> ReadAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_freshness is null or { IsFaulted: true } || time.GetElapsedTime(_askedAt) > MaxAge)
            {
                _askedAt = time.GetTimestamp();
                // It is everybody's answer: the one who happens to ask does not take it away by leaving.
                _freshness = search.ReadFreshnessAsync(CancellationToken.None);
            }

            return _freshness.WaitAsync(cancellationToken);
        }
    }
}
