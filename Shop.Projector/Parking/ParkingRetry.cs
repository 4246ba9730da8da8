using Shop.Contracts;
using Shop.Projector.Auditing;
using Shop.Projector.Projecting;
using Shop.ReadModel;

namespace Shop.Projector.Parking;

/// <summary>
/// Tries a parked order again: with what the write side says now, which holds everything its parked events said, else
/// with the newest of them. An order that neither knows has nothing to be projected.
/// </summary>
internal sealed class ParkingRetry(ParkedOrders parked, WriteSide writeSide, ReadStore store)
{
    /// <returns>Null where the order is not parked.</returns>
    public async Task<RetryResult?> RetryAsync(string id, CancellationToken cancellationToken)
    {
        if (parked.Find(id) is not { } order)
            return null;

        if (await DocumentAsync(order, cancellationToken) is { } document)
        {
            var outcome = (await store.RepairAsync([SerializedOrder.From(document)], cancellationToken))[0];
            if (outcome.Result == IndexResult.Rejected)
                return new(id, IsHealed: false, outcome.Reason);
        }

        parked.Unpark(id);
        return new(id, IsHealed: true, Reason: null);
    }

    public async Task<List<RetryResult>> RetryAllAsync(CancellationToken cancellationToken)
    {
        List<RetryResult> results = [];
        foreach (var order in parked.List())
        {
            if (await RetryAsync(order.Id, cancellationToken) is { } result)
                results.Add(result);
        }

        return results;
    }

    private async Task<OrderDocument?> DocumentAsync(ParkedOrder order, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(order.Id, out var id))
            return null;

        var states = await writeSide.StatesAsync([id], cancellationToken);
        return states.Count > 0 ? states[0] : order.Newest;
    }
}

internal sealed record RetryResult(string Id, bool IsHealed, string? Reason);
