using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>The projection: one state in, one document out, nothing else looked at.</summary>
internal static class OrderProjection
{
    /// <exception cref="UnreadableEventException">The event cannot be read.</exception>
    public static IProjectedOrder Project(string? type, ReadOnlyMemory<byte> value) =>
        // A state with the members of a document, in their order, is one: there is nothing to be read and written anew.
        DocumentJson.TryTake(OrderEventReader.Cut(type, value))
        ?? (IProjectedOrder)Project(OrderEventReader.Read(type, value.Span));

    public static OrderDocument Project(OrderState order) => new()
    {
        Id = order.Id,
        Number = order.Number,
        Version = order.Version,
        Status = order.Status,
        Customer = order.Customer,
        Lines = order.Lines,
        Total = order.Total,
        Paid = order.Paid,
        Refunded = order.Refunded,
        ShippingAddress = order.ShippingAddress,
        Note = order.Note,
        Shipment = order.Shipment,
        PlacedAt = order.PlacedAt,
        UpdatedAt = order.UpdatedAt,
        Timeline = order.Timeline,
    };
}
