namespace Shop.Contracts;

/// <summary>An event's own fields: the <c>data</c> member beside the full state.</summary>
public interface IOrderEvent
{
    /// <summary>What happened, for timelines: the middle of <see cref="OrderEventTypes"/>' names.</summary>
    static abstract string Name { get; }
}

public sealed record OrderPlaced(
    Guid CustomerId,
    IReadOnlyList<OrderLine> Lines,
    Money Total,
    Address ShippingAddress,
    string? Note) : IOrderEvent
{
    public static string Name => "placed";
}

public sealed record OrderPaid(Money Amount, string Method, string Reference) : IOrderEvent
{
    public static string Name => "paid";
}

public sealed record OrderShipped(string Carrier, string TrackingNumber) : IOrderEvent
{
    public static string Name => "shipped";
}

public sealed record OrderDelivered : IOrderEvent
{
    public static string Name => "delivered";
}

public sealed record OrderCancelled(string? Reason) : IOrderEvent
{
    public static string Name => "cancelled";
}

public sealed record OrderRefunded(Money Amount, string? Reason) : IOrderEvent
{
    public static string Name => "refunded";
}

public sealed record OrderLinesChanged(IReadOnlyList<OrderLine> Lines, Money Total) : IOrderEvent
{
    public static string Name => "lines-changed";
}

public sealed record OrderShippingAddressChanged(Address ShippingAddress) : IOrderEvent
{
    public static string Name => "shipping-address-changed";
}

/// <summary>The customer's personal data was replaced, in the order too.</summary>
public sealed record OrderCustomerErased : IOrderEvent
{
    public static string Name => "customer-erased";
}

public sealed record OrderCustomerChanged(OrderCustomer Customer) : IOrderEvent
{
    public static string Name => "customer-changed";
}
