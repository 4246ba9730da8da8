namespace Shop.ReadModel;

/// <summary>The write operations of a read store on its live generation. Only the projector uses them.</summary>
public interface IOrderIndex : IOrderGeneration
{
    /// <summary>
    /// Creates what is missing (schema, index, alias) and verifies what exists. Called at start, periodically, and
    /// after every failed write.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">
    /// The store does not respond. The call can be repeated.
    /// </exception>
    Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken);

    /// <summary>Saves a report about some partitions. As-of times never decrease.</summary>
    /// <remarks>Returns after everything that was written before the call is searchable.</remarks>
    Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken);

    /// <summary>Completes when everything that was written before the call is searchable.</summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond. It retries by itself.</exception>
    Task WhenSearchableAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Records which write database the documents come from, if none is recorded or <paramref name="replaces"/> is set.
    /// </summary>
    /// <returns>The id that is recorded now.</returns>
    Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken);
}

public enum IndexState
{
    /// <summary>The schema is the one that this version of the code expects.</summary>
    Ready,

    /// <summary>The schema was just created or repaired. A reconciliation has to fill it.</summary>
    Created,

    /// <summary>The schema is that of another version, and can be used until a rebuild replaces it.</summary>
    Outdated,
}
