using Shop.Contracts;
using Shop.Projector.Consuming;

namespace Shop.Projector.Parking;

/// <summary>Takes events aside: to the dead-letter topic first, then to the list.</summary>
internal sealed partial class EventParking(
    ParkedOrders orders, DeadLetterTopic deadLetters, ILogger<EventParking> logger)
{
    /// <summary>The records whose orders are not parked; the others are parked behind what waits already.</summary>
    public async ValueTask<List<OrderEventRecord>> WithoutParkedAsync(
        List<OrderEventRecord> records, CancellationToken cancellationToken)
    {
        if (orders.Count == 0)
            return records;

        List<OrderEventRecord> free = new(records.Count);
        foreach (var record in records)
        {
            if (orders.Contains(IdOf(record)))
                await ParkAsync(record, "An earlier event of the order is parked.", document: null, cancellationToken);
            else
                free.Add(record);
        }

        return free;
    }

    public async Task ParkAsync(
        OrderEventRecord record, string reason, OrderDocument? document, CancellationToken cancellationToken)
    {
        var result = record.Result;
        await deadLetters.AddAsync(record, reason, cancellationToken);
        orders.Park(IdOf(record), reason, new(result.Topic, result.Partition.Value, result.Offset.Value), document);
        Log.Parked(logger, IdOf(record), result.Partition.Value, result.Offset.Value, reason);
    }

    private static string IdOf(OrderEventRecord record) =>
        record.OrderId?.ToString() ?? $"{record.Result.Partition.Value}@{record.Result.Offset.Value}";

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Parked order {OrderId}, event at {Partition}@{Offset}: {Reason}")]
        public static partial void Parked(ILogger logger, string orderId, int partition, long offset, string reason);
    }
}
