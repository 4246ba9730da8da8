namespace Shop.Contracts;

/// <summary>
/// Kafka headers of an event: CloudEvents 1.0 in binary mode
/// (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md) and W3C trace context.
/// </summary>
public static class EventHeaders
{
    public const string SpecVersion = "ce_specversion";
    public const string Id = "ce_id";
    public const string Source = "ce_source";
    public const string Type = "ce_type";
    public const string Time = "ce_time";
    public const string Subject = "ce_subject";
    public const string AggregateVersion = "ce_aggregateversion";

    /// <summary>The identity of the write database ("D" format), made with its schema.</summary>
    public const string DatabaseId = "ce_databaseid";

    /// <summary>
    /// When the event's transaction committed (RFC 3339). Absent if that is not known, as for an event that is
    /// published again from the outbox table.
    /// </summary>
    public const string CommitTime = "ce_committime";

    public const string ContentType = "content-type";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";

    /// <summary>The value of <see cref="SpecVersion"/>.</summary>
    public const string SpecVersionValue = "1.0";

    /// <summary>The value of <see cref="Source"/>.</summary>
    public const string SourceValue = "/shop/write";

    /// <summary>The value of <see cref="ContentType"/>.</summary>
    public const string ContentTypeValue = "application/json";
}
