using Shop.Contracts;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Tests.Orders;

public sealed class OrderTests
{
    private const string Delivered = "order.already-delivered";

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly OrderCustomer Ada = new(Guid.CreateVersion7(Now), "Ada", "ada@example.com", "GB");
    private static readonly Address Address = new("Ada", "Street 1", "1", "London", "GB");

    [Fact]
    public void Each_transition_raises_its_event_with_the_next_version()
    {
        var order = Placed();
        order.ChangeLines([Line(500, 3)], Now);
        order.ChangeShippingAddress(Address with { City = "Leeds" }, Now);
        order.Pay("card", "1", Now);
        order.Ship("Post", "2", Now);
        order.Deliver(Now);
        order.Refund(null, null, Now);

        Assert.Equal(
            ["placed", "lines-changed", "shipping-address-changed", "paid", "shipped", "delivered", "refunded"],
            order.Document.Timeline.Select(entry => entry.Type));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], order.Raised.Select(raised => raised.Order.Version));
        Assert.Equal(OrderStatuses.Refunded, order.Document.Status);
    }

    [Theory]
    [InlineData(OrderStatuses.Placed, "order.not-paid", "order.not-shipped", null)]
    [InlineData(OrderStatuses.Paid, null, "order.not-shipped", null)]
    [InlineData(OrderStatuses.Shipped, "order.already-shipped", null, "order.already-shipped")]
    [InlineData(OrderStatuses.Delivered, Delivered, Delivered, Delivered)]
    [InlineData(OrderStatuses.Cancelled, "order.cancelled", "order.cancelled", "order.cancelled")]
    [InlineData(OrderStatuses.Refunded, "order.refunded", "order.refunded", "order.refunded")]
    public void Each_violated_rule_has_its_code(string status, string? ship, string? deliver, string? cancel)
    {
        Assert.Equal(ship, CodeOf(() => In(status).Ship("Post", "1", Now)));
        Assert.Equal(deliver, CodeOf(() => In(status).Deliver(Now)));
        Assert.Equal(cancel, CodeOf(() => In(status).Cancel(null, Now)));
    }

    [Fact]
    public void A_refused_transition_changes_nothing()
    {
        var order = In(OrderStatuses.Shipped);
        var before = order.Document;
        Assert.Throws<OrderRuleException>(() => order.Cancel(null, Now));
        Assert.Same(before, order.Document);
    }

    [Fact]
    public void Refunds_never_exceed_the_payment()
    {
        var order = In(OrderStatuses.Paid);
        order.Refund(new Money(400, "EUR"), null, Now);
        Assert.Equal(OrderStatuses.Paid, order.Document.Status);
        Assert.Equal("order.refund-too-large", CodeOf(() => order.Refund(new Money(601, "EUR"), null, Now)));
        Assert.Equal("order.wrong-currency", CodeOf(() => order.Refund(new Money(600, "USD"), null, Now)));
        order.Refund(new Money(600, "EUR"), null, Now);
        Assert.Equal(OrderStatuses.Refunded, order.Document.Status);
        Assert.Equal(order.Document.Paid, order.Document.Refunded);
        Assert.Equal("order.refunded", CodeOf(() => order.Refund(null, null, Now)));
    }

    [Fact]
    public void A_paid_free_order_has_nothing_to_refund()
    {
        var details = In(OrderStatuses.Placed).Document;
        var order = Order.Place(
            Guid.CreateVersion7(), details.Customer, 1,
            new([details.Lines[0] with { UnitPrice = new Money(0, "EUR") }], details.ShippingAddress, null), Now);
        order.Pay("voucher", "v-1", Now);
        Assert.Equal("order.free-of-charge", CodeOf(() => order.Refund(null, null, Now)));
    }

    [Fact]
    public void Refunding_a_cancelled_order_leaves_it_cancelled()
    {
        var order = In(OrderStatuses.Paid);
        order.Cancel("changed my mind", Now);
        order.Refund(null, null, Now);
        Assert.Equal(OrderStatuses.Cancelled, order.Document.Status);
        Assert.Equal(1_000, order.Document.Refunded?.Amount);
    }

    [Fact]
    public void Totals_above_the_limit_and_mixed_currencies_are_refused()
    {
        Assert.Equal("order.total-too-large", CodeOf(() => Placed(Line(999_999_999_999_999, 2))));
        Assert.Equal("order.mixed-currencies", CodeOf(() => Placed(
            Line(1, 1), Line(1, 1) with { UnitPrice = new Money(1, "JPY") })));
    }

    [Fact]
    public void Times_are_rounded_to_microseconds_and_never_go_back()
    {
        var order = Order.Place(Guid.CreateVersion7(Now), Ada, 1, new([Line(1, 1)], Address, null), Now.AddTicks(19));
        order.Pay("card", "1", Now.AddDays(-1));
        Assert.Equal(Now.AddTicks(10), order.Document.PlacedAt);
        Assert.Equal(Now.AddTicks(10), order.Document.UpdatedAt);
    }

    private static OrderLine Line(long price, int quantity) =>
        new("S", "Sock", "Wear", quantity, new(price, "EUR"));

    private static Order Placed(params OrderLine[] lines) => Order.Place(
        Guid.CreateVersion7(Now), Ada, 1, new(lines is [] ? [Line(500, 2)] : lines, Address, null), Now);

    private static Order In(string status)
    {
        var order = Placed();
        if (status is OrderStatuses.Paid or OrderStatuses.Shipped or OrderStatuses.Delivered or OrderStatuses.Refunded)
            order.Pay("card", "1", Now);
        if (status is OrderStatuses.Shipped or OrderStatuses.Delivered)
            order.Ship("Post", "1", Now);
        if (status is OrderStatuses.Delivered)
            order.Deliver(Now);
        if (status is OrderStatuses.Cancelled)
            order.Cancel(null, Now);
        if (status is OrderStatuses.Refunded)
            order.Refund(null, null, Now);
        return order;
    }

    private static string? CodeOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (OrderRuleException exception)
        {
            return exception.Code;
        }
    }
}
