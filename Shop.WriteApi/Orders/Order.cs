using Shop.Contracts;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Orders;

/// <summary>
/// An order and its rules: Placed → Paid → Shipped → Delivered; Cancelled from Placed or Paid; Refunded after payment,
/// in part or whole. Each method is one transition; it raises one event and adds one to the version.
/// </summary>
internal sealed class Order
{
    private readonly List<RaisedEvent> _raised = [];

    private Order(OrderDocument state, long customerVersion)
    {
        State = state;
        CustomerVersion = customerVersion;
    }

    public OrderDocument State { get; private set; }

    /// <summary>The version of the customer whose name and e-mail the order carries.</summary>
    public long CustomerVersion { get; private set; }

    /// <summary>What happened since the order was read.</summary>
    public IReadOnlyList<RaisedEvent> Raised => _raised;

    /// <summary>The version that the database has.</summary>
    public long StoredVersion => State.Version - _raised.Count;

    private long RefundedAmount => State.Refunded?.Amount ?? 0;

    public static Order Load(OrderDocument state, long customerVersion) => new(state, customerVersion);

    public static Order Place(
        Guid id, OrderCustomer customer, long customerVersion, OrderDetails details, DateTimeOffset now)
    {
        var placedAt = now.ToMicroseconds();
        var total = OrderTotal.Of(details.Lines);
        var order = new Order(
            new OrderDocument
            {
                Id = id,
                Number = OrderNumber.Of(id),
                Version = 0,
                Status = OrderStatuses.Placed,
                Customer = customer,
                Lines = details.Lines,
                Total = total,
                ShippingAddress = details.ShippingAddress,
                Note = details.Note,
                PlacedAt = placedAt,
                UpdatedAt = placedAt,
                Timeline = [],
            },
            customerVersion);
        order.Raise(
            new OrderPlaced(customer.Id, details.Lines, total, details.ShippingAddress, details.Note), placedAt);
        return order;
    }

    public void Pay(string method, string reference, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        State = State with { Status = OrderStatuses.Paid, Paid = State.Total };
        Raise(new OrderPaid(State.Total, method, reference), now);
    }

    public void Ship(string carrier, string trackingNumber, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Paid);
        State = State with
        {
            Status = OrderStatuses.Shipped,
            Shipment = new Shipment(carrier, trackingNumber),
        };
        Raise(new OrderShipped(carrier, trackingNumber), now);
    }

    public void Deliver(DateTimeOffset now)
    {
        if (State.Status is OrderStatuses.Placed or OrderStatuses.Paid)
            throw new OrderRuleException(OrderRules.NotShipped, "The order is not shipped yet.");
        RequireStatus(OrderStatuses.Shipped);
        State = State with { Status = OrderStatuses.Delivered };
        Raise(new OrderDelivered(), now);
    }

    public void Cancel(string? reason, DateTimeOffset now)
    {
        if (State.Status is not OrderStatuses.Paid)
            RequireStatus(OrderStatuses.Placed);
        State = State with { Status = OrderStatuses.Cancelled };
        Raise(new OrderCancelled(reason), now);
    }

    /// <param name="amount">Null gives back all that is left.</param>
    public void Refund(Money? amount, string? reason, DateTimeOffset now)
    {
        if (State.Paid is not { } paid)
            throw new OrderRuleException(OrderRules.NotPaid, "Nothing was paid, so nothing can be given back.");
        var left = paid with { Amount = paid.Amount - RefundedAmount };
        if (left.Amount == 0)
            throw OrderRules.Refuses(OrderStatuses.Refunded);
        var refund = amount ?? left;
        if (refund.Currency != left.Currency)
            throw new OrderRuleException(OrderRules.WrongCurrency, $"The order was paid in {left.Currency}.");
        if (refund.Amount > left.Amount)
            throw new OrderRuleException(OrderRules.RefundTooLarge, $"{Currencies.Format(left)} is left to refund.");

        var refunded = left with { Amount = RefundedAmount + refund.Amount };
        var isWhole = refunded == paid && State.Status != OrderStatuses.Cancelled;
        State = State with { Refunded = refunded, Status = isWhole ? OrderStatuses.Refunded : State.Status };
        Raise(new OrderRefunded(refund, reason), now);
    }

    public void ChangeLines(IReadOnlyList<OrderLine> lines, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        var total = OrderTotal.Of(lines);
        State = State with { Lines = lines, Total = total };
        Raise(new OrderLinesChanged(lines, total), now);
    }

    public void ChangeShippingAddress(Address address, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        State = State with { ShippingAddress = address };
        Raise(new OrderShippingAddressChanged(address), now);
    }

    /// <summary>Follows the customer, whatever the order's status.</summary>
    public void ChangeCustomer(OrderCustomer customer, long customerVersion, DateTimeOffset now)
    {
        CustomerVersion = customerVersion;
        State = State with { Customer = customer };
        Raise(new OrderCustomerChanged(customer), now);
    }

    private void RequireStatus(string status)
    {
        if (State.Status != status)
            throw OrderRules.Refuses(State.Status);
    }

    // A clock that was set back does not take the order's own time back.
    private void Raise<TEvent>(TEvent data, DateTimeOffset now)
        where TEvent : class, IOrderEvent
    {
        var at = now.ToMicroseconds();
        at = at < State.UpdatedAt ? State.UpdatedAt : at;
        var version = State.Version + 1;
        State = State with
        {
            Version = version,
            UpdatedAt = at,
            Timeline = [.. State.Timeline, new TimelineEntry(TEvent.Name, at, version)],
        };
        _raised.Add(new RaisedEvent<TEvent>(data, State));
    }
}

/// <summary>What is ordered, where it goes, and a word with it.</summary>
internal sealed record OrderDetails(IReadOnlyList<OrderLine> Lines, Address ShippingAddress, string? Note);
