using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>
/// An order as searches find it and readers get it. It is a pure function of one <see cref="OrderState"/>, so that
/// the same version has the same content whoever wrote it, and whichever store holds it.
/// </summary>
public sealed record OrderDocument : IProjectedOrder
{
    public required Guid Id { get; init; }
    public required string Number { get; init; }

    /// <summary>The write side's version; guards every write to a store.</summary>
    public required long Version { get; init; }

    /// <summary>One of <see cref="OrderStatuses"/>.</summary>
    public required string Status { get; init; }

    public required CustomerState Customer { get; init; }
    public required IReadOnlyList<OrderLineState> Lines { get; init; }
    public required Money Total { get; init; }
    public Money? Paid { get; init; }
    public Money? Refunded { get; init; }
    public required AddressState ShippingAddress { get; init; }
    public string? Note { get; init; }
    public ShipmentState? Shipment { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    OrderDocument IProjectedOrder.Document => this;
}
