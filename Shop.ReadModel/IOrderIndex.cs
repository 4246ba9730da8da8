namespace Shop.ReadModel;

/// <summary>The writing side of a read store: its live copy. Used by the projector alone.</summary>
public interface IOrderIndex : IOrderCopy
{
    /// <summary>
    /// Creates what is missing (schema, index, alias) and verifies what is there. Called at start, now and then, and
    /// after every write that failed.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer; try again.</exception>
    Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stores up to when the documents of each partition are complete: everything published before that moment is in.
    /// </summary>
    Task SaveFreshnessAsync(IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken);
}

public enum IndexState
{
    /// <summary>As this version of the code wants it.</summary>
    Ready,

    /// <summary>Made or put right just now: an audit has to fill it.</summary>
    Created,

    /// <summary>It serves, with another schema than this version's: a rebuild has to replace it.</summary>
    Outdated,
}
