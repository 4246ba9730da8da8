using System.Collections.Concurrent;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Parking;

/// <summary>
/// Orders whose events wait because one of them could not be projected. The list lives in memory: what is parked is
/// in the dead-letter topic, and an audit finds after a restart what is still missing.
/// </summary>
internal sealed class ParkedOrders(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ParkedOrder> _orders = new(StringComparer.Ordinal);

    public int Count => _orders.Count;

    public IReadOnlyList<ParkedOrder> List() => [.. _orders.Values.OrderBy(order => order.Since)];

    public bool Contains(string id) => _orders.ContainsKey(id);

    public ParkedOrder? Find(string id) => _orders.GetValueOrDefault(id);

    /// <param name="document">What the event says, where it could be read: the newest is kept for a retry.</param>
    public void Park(string id, string reason, EventCoordinates? coordinates, OrderDocument? document) =>
        _orders.AddOrUpdate(
            id,
            _ => new(id, reason, time.GetUtcNow(), coordinates, 1) { Newest = document },
            (_, order) => order with
            {
                Events = order.Events + 1,
                Newest = document?.Version > (order.Newest?.Version ?? 0) ? document : order.Newest,
            });

    /// <summary>Takes what became of an order that was written again from what the write side has.</summary>
    public void Settle(IndexOutcome outcome, OrderDocument document)
    {
        var id = outcome.OrderId.ToString();
        if (outcome.Result != IndexResult.Rejected)
            Unpark(id);
        else if (!Contains(id))
            Park(id, outcome.Reason ?? "The store refuses it.", coordinates: null, document);
    }

    public void Unpark(string id) => _orders.TryRemove(id, out _);
}

/// <param name="Id">The order's id; the record's coordinates where its key is none.</param>
/// <param name="Reason">Why the first of its events was parked.</param>
/// <param name="First">Where in the log that event is; null where an audit found it.</param>
/// <param name="Events">How many were parked.</param>
internal sealed record ParkedOrder(
    string Id, string Reason, DateTimeOffset Since, EventCoordinates? First, long Events)
{
    internal OrderDocument? Newest { get; init; }
}

internal sealed record EventCoordinates(string Topic, int Partition, long Offset);
