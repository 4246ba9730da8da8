using Shop.ReadModel.Consistency;

namespace Shop.ReadModel;

/// <summary>
/// The query side of a read store, used by the read API. Documents are returned as the caller's scope may see them.
/// </summary>
/// <remarks>Methods throw <see cref="ReadStoreUnavailableException"/> instead of returning partial results.</remarks>
public interface IOrderSearch
{
    /// <exception cref="InvalidCursorException">
    /// <see cref="OrderQuery.After"/> is not a position in this sort.
    /// </exception>
    Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken);

    /// <summary>Returns the document, or null if the store has none or the scope does not include it.</summary>
    /// <param name="minVersion">
    /// A version that the caller knows to be stored, or 0. If a cache has an older version, the store is read.
    /// </param>
    Task<StoredOrder?> GetAsync(
        Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken);

    /// <summary>The versions of these orders that a search currently finds. Other orders are left out.</summary>
    /// <remarks>
    /// Orders of every customer are returned, because one call serves many callers: <see cref="VersionAwaiter"/> applies
    /// the scope of each.
    /// </remarks>
    Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken);

    /// <summary>How complete the store is; null before a projector's first report.</summary>
    Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken);
}

/// <summary>A version of an order that a search finds, and the customer whose order it is.</summary>
public readonly record struct VisibleVersion(long Version, Guid CustomerId);
