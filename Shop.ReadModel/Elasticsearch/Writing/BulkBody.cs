using System.Buffers;
using Microsoft.Extensions.ObjectPool;
using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>The body of one bulk request, in a pooled buffer.</summary>
internal sealed class BulkBody : IDisposable
{
    private static readonly ObjectPool<ArrayBufferWriter<byte>> Buffers = ObjectPool.Create(new BufferPolicy());

    private readonly ArrayBufferWriter<byte> _buffer = Buffers.Get();
    private readonly List<int> _positions = [];

    private BulkBody()
    {
    }

    /// <summary>The positions of these documents in the batch.</summary>
    public IReadOnlyList<int> Positions => _positions;

    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <summary>Splits the documents at <paramref name="positions"/> into bodies within the limits.</summary>
    public static IEnumerable<BulkBody> Split(
        IReadOnlyList<SerializedOrder> documents, IEnumerable<int> positions, VersionGuard guard, BulkLimits limits)
    {
        BulkBody? body = null;
        foreach (var position in positions)
        {
            body ??= new();
            body.Append(documents[position], position, guard);
            if (body._positions.Count < limits.Documents && body._buffer.WrittenCount < limits.Bytes)
                continue;

            yield return body;
            body = null;
        }

        if (body is not null)
            yield return body;
    }

    public void Dispose() => Buffers.Return(_buffer);

    private void Append(SerializedOrder document, int position, VersionGuard guard)
    {
        var output = _buffer;
        output.Write("{\"index\":{\"_id\":\""u8);
        Format(output, document.Id);
        output.Write("\",\"version\":"u8);
        Format(output, document.Version);
        output.Write(guard == VersionGuard.IfNewer
            ? ",\"version_type\":\"external\"}}\n"u8
            : ",\"version_type\":\"external_gte\"}}\n"u8);
        output.Write(document.Json.Span);
        output.Write("\n"u8);
        _positions.Add(position);
    }

    private static void Format<T>(ArrayBufferWriter<byte> output, T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(output.GetSpan(40), out var written, default, null);
        output.Advance(written);
    }

    private sealed class BufferPolicy : PooledObjectPolicy<ArrayBufferWriter<byte>>
    {
        private const int MaxKept = 16_000_000;

        public override ArrayBufferWriter<byte> Create() => new(64 * 1024);

        public override bool Return(ArrayBufferWriter<byte> buffer)
        {
            buffer.ResetWrittenCount();
            return buffer.Capacity <= MaxKept;
        }
    }
}

internal readonly record struct BulkLimits(int Documents, int Bytes);
