using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>The reading side of a read store: what the read API serves from.</summary>
/// <remarks>Every method throws <see cref="ReadStoreUnavailableException"/> rather than answer from a part.</remarks>
public interface IOrderSearch
{
    /// <exception cref="InvalidCursorException"><see cref="OrderQuery.After"/> is none that this store gave.</exception>
    Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken);

    /// <summary>The document, or null where the store has none.</summary>
    /// <param name="minVersion">
    /// What the caller knows to be stored; 0 for nothing. A cache with an older version asks the store.
    /// </param>
    Task<OrderDocument?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken);

    /// <summary>The versions of these orders that a search would find now; orders that it would not find are left out.</summary>
    Task<IReadOnlyDictionary<Guid, long>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>How complete the store is; null before a projector's first report.</summary>
    Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken);
}
