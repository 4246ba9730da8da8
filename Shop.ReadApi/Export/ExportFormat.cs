using System.Buffers;
using System.Text;
using System.Text.Json;
using Shop.ReadModel;

namespace Shop.ReadApi.Export;

/// <summary>Writes orders one after another.</summary>
internal abstract class ExportFormat
{
    public static ExportFormat Ndjson { get; } = new NdjsonFormat();

    public static ExportFormat Csv { get; } = new CsvFormat();

    public abstract string ContentType { get; }

    public abstract string FileName { get; }

    public virtual void WriteStart(IBufferWriter<byte> output)
    {
    }

    public abstract void Write(StoredOrder order, IBufferWriter<byte> output);

    /// <summary>The stored JSON of an order on each line.</summary>
    private sealed class NdjsonFormat : ExportFormat
    {
        public override string ContentType => "application/x-ndjson";

        public override string FileName => "orders.ndjson";

        public override void Write(StoredOrder order, IBufferWriter<byte> output)
        {
            if (order.Json.Span.ContainsAny("\r\n"u8))
            {
                using var document = JsonDocument.Parse(order.Json);
                using var writer = new Utf8JsonWriter(output);
                document.WriteTo(writer);
            }
            else
            {
                output.Write(order.Json.Span);
            }

            output.Write("\n"u8);
        }
    }

    /// <summary>RFC 4180, without the byte order mark that some programs take for part of the first name.</summary>
    private sealed class CsvFormat : ExportFormat
    {
        public override string ContentType => "text/csv; charset=utf-8";

        public override string FileName => "orders.csv";

        public override void WriteStart(IBufferWriter<byte> output) =>
            output.Write(Encoding.UTF8.GetBytes(CsvRow.Header));

        public override void Write(StoredOrder order, IBufferWriter<byte> output) =>
            output.Write(Encoding.UTF8.GetBytes(CsvRow.Of(order.Document)));
    }
}
