using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Shop.ReadModel;

/// <summary>Copies the JSON of an order document without what customers must not see: who did what in the timeline.</summary>
internal static class CustomerView
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    public static ReadOnlyMemory<byte> Of(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOf("\"by\""u8) < 0)
            return json;

        var output = new ArrayBufferWriter<byte>(json.Length);
        using var document = JsonDocument.Parse(json);
        using (var writer = new Utf8JsonWriter(output, Options))
        {
            writer.WriteStartObject();
            foreach (var member in document.RootElement.EnumerateObject())
            {
                if (member.NameEquals("timeline"u8))
                    WriteTimeline(writer, member.Value);
                else
                    member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static void WriteTimeline(Utf8JsonWriter writer, JsonElement timeline)
    {
        writer.WriteStartArray("timeline"u8);
        foreach (var entry in timeline.EnumerateArray())
        {
            writer.WriteStartObject();
            foreach (var member in entry.EnumerateObject().Where(member => !member.NameEquals("by"u8)))
                member.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
