using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>
/// An order and its rules: Placed → Paid → Shipped → Delivered. An order can be cancelled until it is shipped, and
/// refunded in part or in full once it is paid. Each transition raises one event and increments the version.
/// </summary>
internal sealed class Order
{
    /// <summary>The entries that a timeline holds at most: the first one and the newest others.</summary>
    public const int MaxTimeline = 100;

    private readonly List<RaisedEvent> _raised = [];
    private Actor? _actor;

    private Order(OrderDocument document, long customerVersion)
    {
        Document = document;
        CustomerVersion = customerVersion;
    }

    public OrderDocument Document { get; private set; }

    /// <summary>The version of the customer whose name and e-mail the order carries.</summary>
    public long CustomerVersion { get; private set; }

    /// <summary>The events since the order was loaded.</summary>
    public IReadOnlyList<RaisedEvent> Raised => _raised;

    /// <summary>The version that the order was loaded with; 0 for a new order.</summary>
    public long StoredVersion => Document.Version - _raised.Count;

    private long RefundedAmount => Document.Refunded?.Amount ?? 0;

    public static Order Load(OrderDocument document, long customerVersion) => new(document, customerVersion);

    public static Order Place(
        Guid id, OrderCustomer customer, long customerVersion, OrderDetails details, DateTimeOffset now)
    {
        var placedAt = now.ToMicroseconds();
        var total = OrderRules.TotalOf(details.Lines);
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
            customerVersion)
        {
            _actor = details.By,
        };
        order.Raise(
            new OrderPlaced(customer.Id, details.Lines, total, details.ShippingAddress, details.Note), placedAt);
        return order;
    }

    /// <summary>Sets who causes the events that follow.</summary>
    public void ChangesAreBy(Actor? actor) => _actor = actor;

    public void Pay(string method, string reference, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        Document = Document with { Status = OrderStatuses.Paid, Paid = Document.Total };
        Raise(new OrderPaid(Document.Total, method, reference), now);
    }

    public void Ship(string carrier, string trackingNumber, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Paid);
        Document = Document with
        {
            Status = OrderStatuses.Shipped,
            Shipment = new Shipment(carrier, trackingNumber),
        };
        Raise(new OrderShipped(carrier, trackingNumber), now);
    }

    public void Deliver(DateTimeOffset now)
    {
        if (Document.Status is OrderStatuses.Placed or OrderStatuses.Paid)
            throw new OrderRuleException(OrderRules.NotShipped, "The order is not shipped yet.");
        RequireStatus(OrderStatuses.Shipped);
        Document = Document with { Status = OrderStatuses.Delivered };
        Raise(new OrderDelivered(), now);
    }

    public void Cancel(string? reason, DateTimeOffset now)
    {
        if (Document.Status is not OrderStatuses.Paid)
            RequireStatus(OrderStatuses.Placed);
        Document = Document with { Status = OrderStatuses.Cancelled };
        Raise(new OrderCancelled(reason), now);
    }

    /// <param name="amount">Null refunds the whole remaining amount.</param>
    public void Refund(Money? amount, string? reason, DateTimeOffset now)
    {
        if (Document.Paid is not { } paid)
            throw new OrderRuleException(OrderRules.NotPaid, "The order is not paid, so there is nothing to refund.");
        if (paid.Amount == 0)
        {
            throw new OrderRuleException(
                OrderRules.FreeOfCharge, "The order is free of charge, so there is nothing to refund.");
        }

        var left = paid with { Amount = paid.Amount - RefundedAmount };
        if (left.Amount == 0)
            throw OrderRules.Refuses(OrderStatuses.Refunded);
        var refund = amount ?? left;
        if (refund.Currency != left.Currency)
            throw new OrderRuleException(OrderRules.WrongCurrency, $"The order was paid in {left.Currency}.");
        if (refund.Amount > left.Amount)
        {
            throw new OrderRuleException(
                OrderRules.RefundTooLarge, $"At most {Currencies.Format(left)} can be refunded.");
        }

        var refunded = left with { Amount = RefundedAmount + refund.Amount };
        var isFull = refunded == paid && Document.Status != OrderStatuses.Cancelled;
        Document = Document with { Refunded = refunded, Status = isFull ? OrderStatuses.Refunded : Document.Status };
        Raise(new OrderRefunded(refund, reason), now);
    }

    public void ChangeLines(IReadOnlyList<OrderLine> lines, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        var total = OrderRules.TotalOf(lines);
        Document = Document with { Lines = lines, Total = total };
        Raise(new OrderLinesChanged(lines, total), now);
    }

    public void ChangeShippingAddress(Address address, DateTimeOffset now)
    {
        RequireStatus(OrderStatuses.Placed);
        if (Erased.Is(Document.Customer))
            throw OrderRules.IsErased();
        Document = Document with { ShippingAddress = address };
        Raise(new OrderShippingAddressChanged(address), now);
    }

    /// <summary>Takes over the customer's data. This is allowed in every status.</summary>
    public void ChangeCustomer(OrderCustomer customer, long customerVersion, DateTimeOffset now)
    {
        CustomerVersion = customerVersion;
        Document = Document with { Customer = customer };
        Raise(new OrderCustomerChanged(customer), now);
    }

    /// <summary>Replaces all personal data. This is allowed in every status.</summary>
    public void EraseCustomer(long customerVersion, DateTimeOffset now)
    {
        CustomerVersion = customerVersion;
        Document = Document with
        {
            Customer = Erased.Customer(Document.Customer.Id, Document.Customer.Country),
            ShippingAddress = Erased.Address(Document.ShippingAddress.Country),
            Note = null,
            Shipment = Document.Shipment is { } shipment ? shipment with { TrackingNumber = Erased.Text } : null,
        };
        Raise(new OrderCustomerErased(), now);
    }

    private void RequireStatus(string status)
    {
        if (Document.Status != status)
            throw OrderRules.Refuses(Document.Status);
    }

    // The order's time never goes back, even if the clock does.
    private void Raise<TEvent>(TEvent data, DateTimeOffset now)
        where TEvent : class, IOrderEvent
    {
        var at = now.ToMicroseconds();
        at = at < Document.UpdatedAt ? Document.UpdatedAt : at;
        var version = Document.Version + 1;
        Document = Document with
        {
            Version = version,
            UpdatedAt = at,
            Timeline = Extend(Document.Timeline, new TimelineEntry(TEvent.Name, at, version, _actor)),
        };
        _raised.Add(new RaisedEvent<TEvent>(data, Document));
    }

    private static TimelineEntry[] Extend(IReadOnlyList<TimelineEntry> timeline, TimelineEntry next) =>
        timeline.Count < MaxTimeline ? [.. timeline, next] : [timeline[0], .. timeline.Skip(2), next];
}

/// <summary>The part of a new order that does not come from the customer.</summary>
/// <param name="By">Who places it.</param>
internal sealed record OrderDetails(
    IReadOnlyList<OrderLine> Lines, Address ShippingAddress, string? Note, Actor? By = null);
