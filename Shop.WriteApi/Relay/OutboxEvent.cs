namespace Shop.WriteApi.Relay;

/// <summary>A row of the outbox.</summary>
/// <param name="Payload">The message's value as it is to be sent: UTF-8 JSON.</param>
/// <param name="TraceParent">W3C trace context of the command that raised the event.</param>
internal readonly record struct OutboxEvent(
    Guid OrderId,
    long Version,
    string Type,
    byte[] Payload,
    DateTimeOffset OccurredAt,
    string? TraceParent,
    string? TraceState);
