namespace Shop.ReadModel;

/// <summary>The writing side of a read store: its live generation. Used by the projector alone.</summary>
public interface IOrderIndex : IOrderGeneration
{
    /// <summary>
    /// Creates what is missing (schema, index, alias) and verifies what is there. Called at start, now and then, and
    /// after every write that failed.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer; try again.</exception>
    Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken);

    /// <summary>Saves a report about the partitions that it names. As-of times only rise.</summary>
    /// <remarks>Returns after everything that was written before the call is searchable.</remarks>
    Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken);

    /// <summary>Completes when everything that was written before the call is searchable.</summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not answer; it is tried again by itself.</exception>
    Task WhenSearchableAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Records which write database the documents come from, if none is recorded or <paramref name="replaces"/> is set.
    /// </summary>
    /// <returns>The recorded one.</returns>
    Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken);
}

public enum IndexState
{
    /// <summary>The schema is the one that this version of the code expects.</summary>
    Ready,

    /// <summary>It was created or repaired just now. A reconciliation has to fill it.</summary>
    Created,

    /// <summary>It serves with another version's schema. A rebuild has to replace it.</summary>
    Outdated,
}
