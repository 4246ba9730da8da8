using Shop.Contracts;

namespace Shop.ReadApi.Orders;

/// <summary>An order as a search answers with it.</summary>
internal sealed record OrderItem(
    Guid Id,
    string Number,
    long Version,
    string Status,
    OrderCustomer Customer,
    IReadOnlyList<OrderLine> Lines,
    Money Total,
    Money? Paid,
    Money? Refunded,
    DateTimeOffset PlacedAt,
    DateTimeOffset UpdatedAt,
    Address ShippingAddress,
    string? Note,
    Shipment? Shipment)
{
    /// <summary>By field, where it matches: HTML with the matches in <c>mark</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Highlights { get; init; }

    /// <summary>What happened to the order, oldest first; only where one order is asked for.</summary>
    public IReadOnlyList<TimelineEntry>? Timeline { get; init; }

    public static OrderItem Of(OrderDocument order) => new(
        order.Id, order.Number, order.Version, order.Status, order.Customer, order.Lines, order.Total, order.Paid,
        order.Refunded, order.PlacedAt, order.UpdatedAt, order.ShippingAddress, order.Note, order.Shipment);
}
