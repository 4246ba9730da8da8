using Shop.Contracts;

namespace Shop.WriteApi.Orders;

/// <summary>The stable codes of broken rules, and the words that go with them.</summary>
internal static class OrderRules
{
    public const string NotPaid = "order.not-paid";
    public const string AlreadyPaid = "order.already-paid";
    public const string NotShipped = "order.not-shipped";
    public const string AlreadyShipped = "order.already-shipped";
    public const string AlreadyDelivered = "order.already-delivered";
    public const string Cancelled = "order.cancelled";
    public const string Refunded = "order.refunded";
    public const string RefundTooLarge = "order.refund-too-large";
    public const string WrongCurrency = "order.wrong-currency";
    public const string MixedCurrencies = "order.mixed-currencies";
    public const string TotalTooLarge = "order.total-too-large";

    /// <summary>Others changed the order at the same moment, again and again.</summary>
    public const string Busy = "order.busy";

    /// <summary>What stands in the way of an order of this status.</summary>
    public static OrderRuleException Refuses(string status) => status switch
    {
        OrderStatuses.Placed => new(NotPaid, "The order is not paid yet."),
        OrderStatuses.Paid => new(AlreadyPaid, "The order is paid already."),
        OrderStatuses.Shipped => new(AlreadyShipped, "The order is shipped already."),
        OrderStatuses.Delivered => new(AlreadyDelivered, "The order is delivered already."),
        OrderStatuses.Cancelled => new(Cancelled, "The order is cancelled."),
        OrderStatuses.Refunded => new(Refunded, "The order is refunded in whole."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No status of an order."),
    };
}
