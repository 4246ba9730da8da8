namespace Shop.ReadModel;

/// <summary>The query side of a read store, used by the read API.</summary>
/// <remarks>Methods throw <see cref="ReadStoreUnavailableException"/> instead of returning partial results.</remarks>
public interface IOrderSearch
{
    /// <exception cref="InvalidCursorException">
    /// <see cref="OrderQuery.After"/> is not a position in this sort.
    /// </exception>
    Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken);

    /// <summary>Returns the document, or null if the store has none.</summary>
    /// <param name="minVersion">
    /// A version that the caller knows to be stored, or 0. If a cache has an older version, the store is read.
    /// </param>
    Task<StoredOrder?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken);

    /// <summary>The versions of these orders that a search currently finds. Other orders are left out.</summary>
    Task<IReadOnlyDictionary<Guid, long>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>How complete the store is; null before a projector's first report.</summary>
    Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken);
}
