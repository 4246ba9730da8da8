using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>The stable codes of violated rules, and their messages.</summary>
internal static class OrderRules
{
    public const string NotPaid = "order.not-paid";
    public const string AlreadyPaid = "order.already-paid";
    public const string NotShipped = "order.not-shipped";
    public const string AlreadyShipped = "order.already-shipped";
    public const string AlreadyDelivered = "order.already-delivered";
    public const string Cancelled = "order.cancelled";
    public const string Refunded = "order.refunded";
    public const string FreeOfCharge = "order.free-of-charge";
    public const string RefundTooLarge = "order.refund-too-large";
    public const string WrongCurrency = "order.wrong-currency";
    public const string MixedCurrencies = "order.mixed-currencies";
    public const string TotalTooLarge = "order.total-too-large";

    public const string CustomerErased = "customer.erased";

    /// <summary>Other commands changed the order between every look-up and its save.</summary>
    public const string Busy = "order.busy";

    /// <summary>Why an order of this status does not allow a transition.</summary>
    public static OrderRuleException Refuses(string status) => status switch
    {
        OrderStatuses.Placed => new(NotPaid, "The order is not paid yet."),
        OrderStatuses.Paid => new(AlreadyPaid, "The order is already paid."),
        OrderStatuses.Shipped => new(AlreadyShipped, "The order is already shipped."),
        OrderStatuses.Delivered => new(AlreadyDelivered, "The order is already delivered."),
        OrderStatuses.Cancelled => new(Cancelled, "The order is cancelled."),
        OrderStatuses.Refunded => new(Refunded, "The order is fully refunded."),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status of an order."),
    };

    public static OrderRuleException IsErased() =>
        new(CustomerErased, "The customer's personal data was erased. It cannot be given again.");

    public static OrderRuleException IsBusy() =>
        new(Busy, "Other commands changed the order at the same time. The request can be repeated.");

    /// <summary>The sum of quantity × unit price.</summary>
    /// <exception cref="OrderRuleException">The lines differ in currency, or the total exceeds the limit.</exception>
    public static Money TotalOf(IReadOnlyList<OrderLine> lines)
    {
        var currency = lines[0].UnitPrice.Currency;
        Int128 total = 0;
        foreach (var line in lines)
        {
            if (line.UnitPrice.Currency != currency)
                throw new OrderRuleException(MixedCurrencies, "All lines must have the same currency.");
            total += (Int128)line.UnitPrice.Amount * line.Quantity;
        }

        return total <= Limits.Amount
            ? new Money((long)total, currency)
            : throw new OrderRuleException(
                TotalTooLarge, $"The order's total must be at most {Limits.Amount} minor units.");
    }
}

/// <summary>A rule of the order is violated. The response is 409 with the stable <see cref="Code"/>.</summary>
internal sealed class OrderRuleException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
