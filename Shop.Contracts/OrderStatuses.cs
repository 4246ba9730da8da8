namespace Shop.Contracts;

/// <summary>The statuses of an order as they stand on the wire.</summary>
public static class OrderStatuses
{
    public const string Placed = "placed";
    public const string Paid = "paid";
    public const string Shipped = "shipped";
    public const string Delivered = "delivered";
    public const string Cancelled = "cancelled";
    public const string Refunded = "refunded";

    public static IReadOnlyList<string> All { get; } = [Placed, Paid, Shipped, Delivered, Cancelled, Refunded];
}
