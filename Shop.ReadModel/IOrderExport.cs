namespace Shop.ReadModel;

/// <summary>Streams everything that a search finds.</summary>
public interface IOrderExport
{
    /// <summary>
    /// Returns the orders as they were at one moment, the newest first. The memory used does not depend on their number.
    /// </summary>
    /// <param name="query">The text and the filters count; sort, size and facets are ignored.</param>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    IAsyncEnumerable<StoredOrder> ReadAsync(OrderQuery query, CancellationToken cancellationToken);
}
