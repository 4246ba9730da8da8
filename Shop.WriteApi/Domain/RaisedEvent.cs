using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shop.Contracts;

namespace Shop.WriteApi.Domain;

/// <summary>An event that is not stored yet, and the order after it.</summary>
internal abstract class RaisedEvent(OrderDocument order)
{
    public OrderDocument Order { get; } = order;

    public abstract IOrderEvent Data { get; }

    /// <summary>The value of the message's <see cref="EventHeaders.Type"/> header.</summary>
    public abstract string Type { get; }

    /// <summary>Serializes the message's value as UTF-8 JSON.</summary>
    public abstract byte[] Serialize();
}

internal sealed class RaisedEvent<TEvent>(TEvent data, OrderDocument order) : RaisedEvent(order)
    where TEvent : class, IOrderEvent
{
    private static readonly JsonTypeInfo<OrderEventValue<TEvent>> Json =
        (JsonTypeInfo<OrderEventValue<TEvent>>)WireJson.Contracts.GetTypeInfo(typeof(OrderEventValue<TEvent>))!;

    public override IOrderEvent Data => data;

    public override string Type { get; } = OrderEventTypes.Of<TEvent>();

    public override byte[] Serialize() =>
        JsonSerializer.SerializeToUtf8Bytes(new OrderEventValue<TEvent>(data, Order), Json);
}
