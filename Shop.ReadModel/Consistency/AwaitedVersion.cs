namespace Shop.ReadModel.Consistency;

/// <summary>A version of an order that a reader must at least see.</summary>
public readonly record struct AwaitedVersion(Guid OrderId, long Version);
