using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.ObjectPool;
using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The body of one bulk request, written straight to UTF-8 in a buffer that is used again.</summary>
internal sealed class BulkBody : IDisposable
{
    private static readonly ObjectPool<Buffer> Buffers = ObjectPool.Create(new BufferPolicy());

    private readonly Buffer _buffer = Buffers.Get();
    private readonly List<int> _positions = [];

    private BulkBody()
    {
    }

    /// <summary>Which of the batch's documents these are.</summary>
    public IReadOnlyList<int> Positions => _positions;

    public ReadOnlyMemory<byte> Bytes => _buffer.Output.WrittenMemory;

    /// <summary>Bodies for the documents at <paramref name="positions"/>, each no bigger than the limits.</summary>
    public static IEnumerable<BulkBody> Split(
        IReadOnlyList<SerializedOrder> documents, IEnumerable<int> positions, VersionGuard guard, BulkLimits limits)
    {
        BulkBody? body = null;
        foreach (var position in positions)
        {
            body ??= new();
            body.Append(documents[position], position, guard);
            if (body._positions.Count < limits.Documents && body._buffer.Output.WrittenCount < limits.Bytes)
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
        var output = _buffer.Output;
        output.Write("{\"index\":{\"_id\":\""u8);
        Format(output, document.Id);
        output.Write("\",\"version\":"u8);
        Format(output, document.Version);
        output.Write(guard == VersionGuard.IfNewer
            ? ",\"version_type\":\"external\"}}\n"u8
            : ",\"version_type\":\"external_gte\"}}\n"u8);
        if (CombiningMarks.MayBeIn(document.Json.Span) && CombiningMarks.AreIn(document.Document))
            Write(document.Document);
        else
            output.Write(document.Json.Span);

        output.Write("\n"u8);
        _positions.Add(position);
    }

    private void Write(OrderDocument document)
    {
        _buffer.Json.Reset();
        Spell(document).WriteTo(_buffer.Json);
        _buffer.Json.Flush();
    }

    private static JsonObject Spell(OrderDocument document) => CombiningMarks.Spell(
        JsonSerializer.SerializeToNode(document, ContractsJson.Default.OrderDocument)!.AsObject(), document);

    private static void Format<T>(ArrayBufferWriter<byte> output, T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(output.GetSpan(40), out var written, default, null);
        output.Advance(written);
    }

    private sealed class Buffer
    {
        public Buffer() => Json = new(Output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

        public ArrayBufferWriter<byte> Output { get; } = new(64 * 1024);
        public Utf8JsonWriter Json { get; }
    }

    private sealed class BufferPolicy : PooledObjectPolicy<Buffer>
    {
        private const int MaxKept = 16_000_000;

        public override Buffer Create() => new();

        public override bool Return(Buffer buffer)
        {
            buffer.Output.ResetWrittenCount();
            return buffer.Output.Capacity <= MaxKept;
        }
    }
}

internal readonly record struct BulkLimits(int Documents, int Bytes);
