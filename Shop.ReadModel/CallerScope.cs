namespace Shop.ReadModel;

/// <summary>
/// The orders that a caller may see: all of them, or those of one customer. Every query of a store has one, and the
/// store applies it. To a caller, an order outside of the scope does not exist.
/// </summary>
public sealed record CallerScope
{
    private CallerScope(Guid? customerId) => CustomerId = customerId;

    public static CallerScope Everything { get; } = new((Guid?)null);

    /// <summary>The customer whose orders these are; null for all orders.</summary>
    public Guid? CustomerId { get; }

    public static CallerScope Of(Guid customerId) => new(customerId);

    /// <param name="customerId">The customer of an order.</param>
    public bool Includes(Guid customerId) => CustomerId is null || CustomerId == customerId;

    /// <summary>Whether the caller may see the order. Parses the document only if the scope is that of a customer.</summary>
    public bool Includes(StoredOrder order) => CustomerId is null || Includes(order.Document.Customer.Id);
}
