using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.WriteApi.Outbox;

/// <summary>Makes Kafka messages: CloudEvents in binary mode.</summary>
internal static class EventMessage
{
    private static readonly byte[] SpecVersion = Encoding.UTF8.GetBytes(EventHeaders.SpecVersionValue);
    private static readonly byte[] Source = Encoding.UTF8.GetBytes(EventHeaders.SourceValue);
    private static readonly byte[] ContentType = Encoding.UTF8.GetBytes(EventHeaders.ContentTypeValue);
    private static readonly byte[] HeartbeatType = Encoding.UTF8.GetBytes(Heartbeat.Type);
    private static readonly byte[] HeartbeatValue = Encoding.UTF8.GetBytes(Heartbeat.Value);

    /// <summary>An outbox row: the order's id is the key, the payload is the value.</summary>
    /// <param name="span">The span that sends it. Without one, the command's trace context is passed on.</param>
    public static Message<byte[], byte[]> Of(
        OutboxEvent row, DateTime? committedAt, byte[] databaseId, Activity? span)
    {
        var id = Utf8(row.OrderId);
        var version = Utf8(row.Version);
        var headers = new Headers
        {
            { EventHeaders.SpecVersion, SpecVersion },
            { EventHeaders.Id, [.. id, (byte)':', .. version] },
            { EventHeaders.Source, Source },
            { EventHeaders.Type, Encoding.UTF8.GetBytes(row.Type) },
            { EventHeaders.Time, Utf8(row.OccurredAt) },
            { EventHeaders.Subject, id },
            { EventHeaders.AggregateVersion, version },
            { EventHeaders.DatabaseId, databaseId },
            { EventHeaders.ContentType, ContentType },
        };
        if (committedAt is { } commit)
            headers.Add(EventHeaders.CommitTime, Utf8(commit));
        AddText(headers, EventHeaders.TraceParent, span?.Id ?? row.TraceParent);
        AddText(headers, EventHeaders.TraceState, span?.TraceStateString ?? row.TraceState);
        return new() { Key = id, Value = row.Payload, Headers = headers };
    }

    public static Message<byte[], byte[]> OfHeartbeat(int partition, DateTime committedAt, byte[] databaseId) => new()
    {
        Key = Encoding.UTF8.GetBytes(Heartbeat.Key(partition)),
        Value = HeartbeatValue,
        Headers = new()
        {
            { EventHeaders.SpecVersion, SpecVersion },
            { EventHeaders.Source, Source },
            { EventHeaders.Type, HeartbeatType },
            { EventHeaders.Time, Utf8(committedAt) },
            { EventHeaders.DatabaseId, databaseId },
            { EventHeaders.ContentType, ContentType },
        },
    };

    public static byte[] Utf8(Guid value)
    {
        var text = new byte[36];
        _ = Utf8Formatter.TryFormat(value, text, out _);
        return text;
    }

    private static byte[] Utf8(long value)
    {
        Span<byte> text = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, text, out var length);
        return text[..length].ToArray();
    }

    // Of UTC: 2026-05-04T03:02:01.5000000Z.
    private static byte[] Utf8(DateTime value)
    {
        var text = new byte[28];
        _ = Utf8Formatter.TryFormat(value, text, out _, 'O');
        return text;
    }

    private static void AddText(Headers headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            headers.Add(name, Encoding.UTF8.GetBytes(value));
    }
}
