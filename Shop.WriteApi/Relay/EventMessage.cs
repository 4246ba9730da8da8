using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.WriteApi.Relay;

/// <summary>An outbox row as a Kafka message: CloudEvents headers, order id as key, payload as it is.</summary>
internal static class EventMessage
{
    private static readonly byte[] SpecVersion = Encoding.UTF8.GetBytes(EventHeaders.SpecVersionValue);
    private static readonly byte[] Source = Encoding.UTF8.GetBytes(EventHeaders.SourceValue);
    private static readonly byte[] ContentType = Encoding.UTF8.GetBytes(EventHeaders.ContentTypeValue);

    /// <param name="span">The span that sends it; without one the command's trace context is passed on.</param>
    public static Message<byte[], byte[]> From(in OutboxEvent row, Activity? span)
    {
        var id = Utf8(row.OrderId.ToString());
        var headers = new Headers
        {
            { EventHeaders.SpecVersion, SpecVersion },
            { EventHeaders.Id, Utf8($"{row.OrderId}:{row.Version}") },
            { EventHeaders.Source, Source },
            { EventHeaders.Type, Utf8(row.Type) },
            { EventHeaders.Time, Utf8(row.OccurredAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) },
            { EventHeaders.Subject, id },
            { EventHeaders.AggregateVersion, Utf8(row.Version.ToString(CultureInfo.InvariantCulture)) },
            { EventHeaders.ContentType, ContentType },
        };
        Add(headers, EventHeaders.TraceParent, span?.Id ?? row.TraceParent);
        Add(headers, EventHeaders.TraceState, span?.TraceStateString ?? row.TraceState);
        return new() { Key = id, Value = row.Payload, Headers = headers };
    }

    private static void Add(Headers headers, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            headers.Add(name, Utf8(value));
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
