using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Projector.Tests;

/// <summary>States and events of made-up orders.</summary>
internal static class SampleOrder
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public static OrderDocument State(Guid id, long version, DateTimeOffset? updatedAt = null) => new()
    {
        Id = id,
        Number = $"SO-{id.ToString()[..8]}",
        Version = version,
        Status = version == 1 ? OrderStatuses.Placed : OrderStatuses.Paid,
        Customer = new(id, "Nguyễn Văn Đức", "duc@example.com", "VN"),
        Lines = [new("KB-1", "Keyboard", "Computers", 2, new(4_900, "EUR"))],
        Total = new(9_800, "EUR"),
        ShippingAddress = new("Nguyễn Văn Đức", "Hauptstraße 1", "10115", "Berlin", "DE"),
        Note = $"version {version}",
        PlacedAt = Time,
        UpdatedAt = updatedAt ?? Time.AddSeconds(version),
        Timeline = [new("placed", Time, 1)],
    };

    public static Message<string, byte[]> Event(OrderDocument state, string? traceParent = null) => Message(
        state.Id.ToString(),
        state.Version,
        JsonSerializer.SerializeToUtf8Bytes(
            new OrderEventValue<OrderDelivered>(new(), state), ContractsJson.Default.OrderEventValueOrderDelivered),
        traceParent);

    public static Message<string, byte[]> ErasedEvent(OrderDocument state)
    {
        var message = Message(
            state.Id.ToString(),
            state.Version,
            JsonSerializer.SerializeToUtf8Bytes(
                new OrderEventValue<OrderCustomerErased>(new(), state),
                ContractsJson.Default.OrderEventValueOrderCustomerErased));
        message.Headers.Remove(EventHeaders.Type);
        message.Headers.Add(EventHeaders.Type, Encoding.UTF8.GetBytes(OrderEventTypes.Of<OrderCustomerErased>()));
        return message;
    }

    public static Message<string, byte[]> Heartbeat(int partition, Guid databaseId, DateTimeOffset? committedAt = null)
    {
        var time = committedAt ?? TimeProvider.System.GetUtcNow();
        return new()
        {
            Key = Contracts.Heartbeat.Key(partition),
            Value = "{}"u8.ToArray(),
            Headers = new()
            {
                { EventHeaders.Type, Encoding.UTF8.GetBytes(Contracts.Heartbeat.Type) },
                { EventHeaders.Time, Encoding.UTF8.GetBytes($"{time:O}") },
                { EventHeaders.DatabaseId, Encoding.UTF8.GetBytes($"{databaseId}") },
            },
        };
    }

    public static Message<string, byte[]> Message(string key, long version, byte[] value, string? traceParent = null)
    {
        var headers = new Headers
        {
            { EventHeaders.Type, Encoding.UTF8.GetBytes(OrderEventTypes.Of<OrderDelivered>()) },
            { EventHeaders.AggregateVersion, Encoding.UTF8.GetBytes($"{version}") },
            { EventHeaders.Time, Encoding.UTF8.GetBytes("2026-03-04T05:06:07Z") },
        };
        if (traceParent is not null)
            headers.Add(EventHeaders.TraceParent, Encoding.UTF8.GetBytes(traceParent));
        return new() { Key = key, Value = value, Headers = headers };
    }
}
