using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Shop.WriteApi.Http;

/// <summary>JSON values separated by line feeds (https://github.com/ndjson/ndjson-spec).</summary>
internal static class Ndjson
{
    public const string ContentType = "application/x-ndjson";

    public static void Write<T>(IBufferWriter<byte> output, T value, JsonTypeInfo<T> type)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = type.Options.Encoder }))
            JsonSerializer.Serialize(json, value, type);
        output.Write("\n"u8);
    }
}
