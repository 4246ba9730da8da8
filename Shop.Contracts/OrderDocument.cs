namespace Shop.Contracts;

/// <summary>
/// An order as the write side has it after its event number <see cref="Version"/>: the <c>order</c> member of every
/// event and a line of <c>/internal/orders/states</c>.
/// </summary>
public record OrderDocument
{
    /// <summary>The order's id; also the message key, in "D" format.</summary>
    public required Guid Id { get; init; }

    /// <summary>The number that people use; unique.</summary>
    public required string Number { get; init; }

    /// <summary>1 for the first event, one more for each that follows.</summary>
    public required long Version { get; init; }

    /// <summary>One of <see cref="OrderStatuses"/>.</summary>
    public required string Status { get; init; }

    public required OrderCustomer Customer { get; init; }

    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>The sum of quantity × unit price over the lines.</summary>
    public required Money Total { get; init; }

    /// <summary>What was paid; null until then.</summary>
    public Money? Paid { get; init; }

    /// <summary>What was given back in all; null where nothing was.</summary>
    public Money? Refunded { get; init; }

    public required Address ShippingAddress { get; init; }

    public string? Note { get; init; }

    /// <summary>Null until the order is shipped.</summary>
    public Shipment? Shipment { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When event number <see cref="Version"/> happened.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The order's events, oldest first.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <summary>The document as customers see it.</summary>
    public OrderDocument WithoutActors() =>
        this with { Timeline = [.. Timeline.Select(entry => entry with { By = null })] };
}

/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record OrderCustomer(Guid Id, string Name, string Email, string Country);

/// <summary>A line with the name, category and price that the catalogue had when the line was ordered.</summary>
public sealed record OrderLine(string Sku, string Name, string Category, int Quantity, Money UnitPrice);

/// <param name="Country">ISO 3166-1 alpha-2.</param>
public sealed record Address(string Recipient, string Street, string PostalCode, string City, string Country);

public sealed record Shipment(string Carrier, string TrackingNumber);

/// <param name="Type">What happened, as the middle of the event's type: <c>placed</c>, <c>lines-changed</c>, …</param>
/// <param name="By">
/// Who did it; null if that is not known, as for events of earlier versions. Shown to support, and not to customers.
/// </param>
public sealed record TimelineEntry(string Type, DateTimeOffset At, long Version, Actor? By = null);

/// <summary>Who caused an event.</summary>
/// <param name="Subject">Identifies the caller for the authority that issued the token.</param>
/// <param name="Role">The role in which the caller acted: customer, support, operator, service or developer.</param>
public sealed record Actor(string Subject, string Role);
