using Shop.Contracts;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class OrderTotal
{
    /// <exception cref="OrderRuleException">Different currencies, or worth more than can be kept.</exception>
    public static Money Of(IReadOnlyList<OrderLine> lines)
    {
        var currency = lines[0].UnitPrice.Currency;
        Int128 total = 0;
        foreach (var line in lines)
        {
            if (line.UnitPrice.Currency != currency)
                throw new OrderRuleException(OrderRules.MixedCurrencies, "All lines must be in one currency.");
            total += (Int128)line.UnitPrice.Amount * line.Quantity;
        }

        return total <= Limits.Amount
            ? new Money((long)total, currency)
            : throw new OrderRuleException(OrderRules.TotalTooLarge, "The order's total is larger than can be kept.");
    }
}
