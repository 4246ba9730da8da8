using System.Buffers.Text;
using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Projector.Consuming;

/// <summary>A consumed record: what its key and headers say, before its value is read.</summary>
internal sealed class OrderEventRecord(ConsumeResult<byte[], byte[]> result)
{
    public ConsumeResult<byte[], byte[]> Result => result;

    public byte[] Value => result.Message.Value ?? [];

    public int Size { get; } = (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);

    /// <summary>Null where the key is no order id.</summary>
    public Guid? OrderId { get; } = ParseId(result.Message.Key);

    /// <summary>Null where the header is missing or no version.</summary>
    public long? Version { get; } = ParseVersion(Header(result, EventHeaders.AggregateVersion));

    public string? Type => Text(EventHeaders.Type);

    /// <summary>When the event happened, for measuring only.</summary>
    public DateTimeOffset? OccurredAt =>
        DateTimeOffset.TryParse(Text(EventHeaders.Time), null, out var time) ? time : null;

    /// <summary>The span that sent the message.</summary>
    public ActivityContext TraceContext
    {
        get
        {
            _ = ActivityContext.TryParse(
                Text(EventHeaders.TraceParent), Text(EventHeaders.TraceState), isRemote: true, out var context);
            return context;
        }
    }

    private string? Text(string header) => Header(result, header) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    private static byte[]? Header(ConsumeResult<byte[], byte[]> result, string name) =>
        result.Message.Headers?.TryGetLastBytes(name, out var bytes) == true ? bytes : null;

    private static Guid? ParseId(byte[]? key) =>
        Utf8Parser.TryParse(key, out Guid id, out var length, 'D') && length == key!.Length ? id : null;

    private static long? ParseVersion(byte[]? header) =>
        Utf8Parser.TryParse(header, out long version, out var length) && length == header!.Length && version > 0
            ? version
            : null;
}
