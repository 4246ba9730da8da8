using Shop.Contracts;

namespace Shop.WriteApi.Tests.Orders;

/// <summary>A command of a random sequence.</summary>
internal abstract record Step
{
    internal sealed record Pay : Step;

    internal sealed record Ship : Step;

    internal sealed record Deliver : Step;

    internal sealed record Cancel : Step;

    /// <param name="Percent">Of the total; null for the remaining amount.</param>
    internal sealed record Refund(int? Percent) : Step;

    internal sealed record ChangeLines(int[] Quantities) : Step;

    internal sealed record ChangeAddress : Step;
}

/// <summary>A second implementation of an order's rules, as a table of conditions and effects.</summary>
internal sealed class OrderModel(int[] quantities, long price)
{
    public string Status { get; private set; } = OrderStatuses.Placed;

    public long Version { get; private set; } = 1;

    public long Total { get; private set; } = quantities.Sum() * price;

    public long Paid { get; private set; }

    public long Refunded { get; private set; }

    private bool IsPaid => Paid > 0;

    public long? RefundOf(Step.Refund refund) =>
        refund.Percent is { } percent ? Math.Max(1, Total * percent / 100) : null;

    /// <returns>Whether the rules allow the step, which is then applied.</returns>
    public bool Apply(Step step)
    {
        var allowed = step switch
        {
            Step.Pay or Step.ChangeLines or Step.ChangeAddress => Status is "placed",
            Step.Ship => Status is "paid",
            Step.Deliver => Status is "shipped",
            Step.Cancel => Status is "placed" or "paid",
            Step.Refund refund => IsPaid && Refunded < Paid && (RefundOf(refund) ?? 0) <= Paid - Refunded,
            _ => throw new ArgumentOutOfRangeException(nameof(step)),
        };
        if (!allowed)
            return false;

        Version++;
        Do(step);
        return true;
    }

    private void Do(Step step)
    {
        switch (step)
        {
            case Step.Pay:
                (Status, Paid) = ("paid", Total);
                break;
            case Step.Ship:
                Status = "shipped";
                break;
            case Step.Deliver:
                Status = "delivered";
                break;
            case Step.Cancel:
                Status = "cancelled";
                break;
            case Step.Refund refund:
                Refunded += RefundOf(refund) ?? Paid - Refunded;
                Status = Refunded == Paid && Status is not "cancelled" ? "refunded" : Status;
                break;
            case Step.ChangeLines change:
                Total = change.Quantities.Sum() * price;
                break;
        }
    }
}
