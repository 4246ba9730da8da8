using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>Finds customers by what their orders say of them.</summary>
public interface ICustomerSearch
{
    /// <summary>
    /// The customers whose name or e-mail address has all words, the last one as a prefix. Those with the most orders come
    /// first, of equal ones those with the latest order.
    /// </summary>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    Task<IReadOnlyList<FoundCustomer>> SearchAsync(
        SearchText text, CallerScope scope, int limit, CancellationToken cancellationToken);
}

/// <param name="Customer">As the latest order has it.</param>
/// <param name="Orders">The number of orders under this name or e-mail address.</param>
public sealed record FoundCustomer(OrderCustomer Customer, long Orders, DateTimeOffset LastOrderAt);
