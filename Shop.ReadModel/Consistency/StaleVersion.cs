namespace Shop.ReadModel.Consistency;

/// <summary>A version that did not become visible in time.</summary>
/// <param name="Visible">The version that a search finds now; null where it finds none.</param>
public readonly record struct StaleVersion(Guid OrderId, long Awaited, long? Visible);
