using Shop.Projector.Auditing;
using Shop.Projector.Parking;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>Makes a copy equal to the write side, as audits do to the live one, until nothing differs.</summary>
internal sealed class CopyCompletion(OrderAudit audit, ParkedOrders parked)
{
    private const string Reason = "rebuild";

    /// <exception cref="CopyRefusedException">The copy refuses orders that the live one takes.</exception>
    public async Task RunAsync(IOrderCopy copy, RebuildProgress progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            List<IndexOutcome> refused = [];
            progress.Compared = new();
            var report = await audit.RunAsync(
                Reason, copy, (outcome, _) => Take(outcome, refused), progress.Compared, cancellationToken);
            if (refused is [var first, ..])
                throw new CopyRefusedException(first, refused.Count);
            if (report.Differences <= report.Rejected)
                return;
        }
    }

    // What no copy takes is parked already, and is missing in the live one as well.
    private void Take(IndexOutcome outcome, List<IndexOutcome> refused)
    {
        if (outcome.Result == IndexResult.Rejected && !parked.Contains(outcome.OrderId.ToString()))
            refused.Add(outcome);
    }
}

internal sealed class CopyRefusedException(IndexOutcome first, int count) : Exception(
    $"The new copy refuses {count} orders that the live one has, the first of them {first.OrderId}: {first.Reason}");
