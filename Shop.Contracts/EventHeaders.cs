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

    /// <summary>The identity of the write database, a <c>Guid</c> in "D" format. Heartbeats carry it, too.</summary>
    public const string DatabaseId = "ce_databaseid";

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
