namespace Shop.Contracts;

/// <summary>The value of a message: the event's own fields, and as its last member the order after the event.</summary>
public sealed record OrderEventValue<TEvent>(TEvent Data, OrderDocument Order)
    where TEvent : IOrderEvent;

/// <summary>A line of <c>/internal/orders/versions</c>.</summary>
public readonly record struct OrderVersion(Guid Id, long Version);
