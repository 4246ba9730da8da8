using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Projector.Projecting;

/// <summary>A consumed record: what its key and headers say, before its value is read.</summary>
internal sealed class OrderEventRecord
{
    private readonly byte[]? _time;
    private readonly byte[]? _commitTime;
    private readonly byte[]? _traceParent;

    public OrderEventRecord(ConsumeResult<byte[], byte[]> result)
    {
        Result = result;
        Size = (result.Message.Key?.Length ?? 0) + (result.Message.Value?.Length ?? 0);
        OrderId = ParseId(result.Message.Key);
        var headers = result.Message.Headers;
        for (var i = 0; i < headers?.Count; i++)
        {
            var header = headers[i];
            switch (header.Key)
            {
                case EventHeaders.AggregateVersion:
                    Version = ParseVersion(header.GetValueBytes());
                    break;
                case EventHeaders.Type:
                    Type = Text(header.GetValueBytes());
                    break;
                case EventHeaders.Time:
                    _time = header.GetValueBytes();
                    break;
                case EventHeaders.CommitTime:
                    _commitTime = header.GetValueBytes();
                    break;
                case EventHeaders.DatabaseId:
                    DatabaseId = ParseId(header.GetValueBytes());
                    break;
                case EventHeaders.TraceParent:
                    _traceParent = header.GetValueBytes();
                    break;
            }
        }
    }

    public ConsumeResult<byte[], byte[]> Result { get; }

    public byte[] Value => Result.Message.Value ?? [];

    public int Size { get; }

    /// <summary>Null if the key is not an order id.</summary>
    public Guid? OrderId { get; }

    /// <summary>Null if the header is missing or not a version.</summary>
    public long? Version { get; }

    public string? Type { get; }

    /// <summary>When the event happened, or the heartbeat was committed.</summary>
    public DateTimeOffset? Time => ParseTime(_time);

    /// <summary>When the event was committed, which for an imported order is later than when it happened.</summary>
    public DateTimeOffset? CommittedAt => ParseTime(_commitTime ?? _time);

    /// <summary>The identity of the write database that the record comes from.</summary>
    public Guid? DatabaseId { get; }

    /// <summary>Whether the trace that the message belongs to is recorded.</summary>
    /// <remarks>The last two of the header's 55 characters are its flags.</remarks>
    public bool IsTraced => _traceParent is { Length: >= 55 }
        && Utf8Parser.TryParse(_traceParent.AsSpan(53, 2), out byte flags, out _, 'X')
        && ((ActivityTraceFlags)flags).HasFlag(ActivityTraceFlags.Recorded);

    /// <summary>The span that sent the message.</summary>
    public ActivityContext TraceContext
    {
        get
        {
            var state = Result.Message.Headers?.TryGetLastBytes(EventHeaders.TraceState, out var bytes) == true
                ? Text(bytes)
                : null;
            _ = ActivityContext.TryParse(Text(_traceParent), state, isRemote: true, out var context);
            return context;
        }
    }

    private static string? Text(byte[]? header) => header is null ? null : Encoding.UTF8.GetString(header);

    private static Guid? ParseId(byte[]? key) =>
        Utf8Parser.TryParse(key, out Guid id, out var length, 'D') && length == key!.Length ? id : null;

    private static long? ParseVersion(byte[]? header) =>
        Utf8Parser.TryParse(header, out long version, out var length) && length == header!.Length && version > 0
            ? version
            : null;

    // The relay writes the round-trip format, which needs no string; other producers may write any RFC 3339 time.
    private static DateTimeOffset? ParseTime(byte[]? header) =>
        Utf8Parser.TryParse(header, out DateTimeOffset time, out var length, 'O') && length == header!.Length
        || DateTimeOffset.TryParse(
            Text(header), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            ? time
            : null;
}
