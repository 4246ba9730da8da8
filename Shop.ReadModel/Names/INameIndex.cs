namespace Shop.ReadModel.Names;

/// <summary>One writable set of names: the live one, or the shadow of a rebuild.</summary>
/// <remarks>Methods throw <see cref="ReadStoreUnavailableException"/> if the store does not respond.</remarks>
public interface INameGeneration
{
    /// <summary>Merges what orders say into the stored names, as <see cref="NameEntry.Merge"/> does.</summary>
    /// <param name="names">Each name at most once.</param>
    Task ApplyAsync(IReadOnlyList<NameEntry> names, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the live orders of each name, and reads the time of its latest order. Removes names that have no order.
    /// </summary>
    /// <param name="addedBefore">
    /// Only names added before this time are removed: the order of a newer one may not be projected yet.
    /// </param>
    /// <returns>The number of names that were corrected or removed.</returns>
    Task<int> CountAsync(
        IReadOnlyCollection<NameKey> names, DateTimeOffset addedBefore, CancellationToken cancellationToken);

    /// <summary>Every stored name, in pages.</summary>
    IAsyncEnumerable<IReadOnlyList<NameKey>> KeysAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The names of customers and products: a read model beside the orders, in the same store. While there is a shadow,
/// everything that is applied or counted is applied to and counted in both.
/// </summary>
public interface INameIndex : INameGeneration
{
    /// <summary>Creates what is missing.</summary>
    /// <returns><see cref="IndexState.Ready"/>, or another state if a rebuild has to fill or replace it.</returns>
    Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken);

    /// <summary>Creates an empty shadow. One that an earlier rebuild left behind is dropped.</summary>
    Task<INameGeneration> CreateShadowAsync(CancellationToken cancellationToken);

    /// <summary>Makes the shadow live in one atomic step.</summary>
    Task CutOverAsync(CancellationToken cancellationToken);

    /// <summary>Names that orders have and that are not stored.</summary>
    Task<IReadOnlyList<NameKey>> MissingAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Those of the names that are stored.</summary>
    Task<IReadOnlyList<NameEntry>> ReadAsync(IReadOnlyCollection<NameKey> names, CancellationToken cancellationToken);
}
