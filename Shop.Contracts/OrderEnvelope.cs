namespace Shop.Contracts;

/// <summary>The value of a message: the event's own fields and the order's full state after it.</summary>
public sealed record OrderEnvelope<TEvent>(TEvent Data, OrderState Order)
    where TEvent : IOrderEvent;

/// <summary>What a reader needs of <see cref="OrderEnvelope{TEvent}"/>; unknown members are ignored.</summary>
public sealed record OrderEnvelope(OrderState Order);

/// <summary>A line of <c>/internal/orders/versions</c>.</summary>
public readonly record struct OrderVersion(Guid Id, long Version);
