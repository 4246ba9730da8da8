using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>The projection: one state in, one document out, nothing else looked at.</summary>
internal static class OrderProjection
{
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
