using System.Text.Json;

namespace Shop.ReadModel;

/// <summary>A document as its JSON, taken from where it came from. Who needs more than that reads it.</summary>
public sealed class DocumentJson : IProjectedOrder
{
    private static readonly JsonForm Form = JsonForm.Of(typeof(OrderDocument), ReadModelJson.Default.Options);

    private DocumentJson(Guid id, long version, ReadOnlyMemory<byte> utf8) => (Id, Version, Utf8) = (id, version, utf8);

    public Guid Id { get; }

    public long Version { get; }

    /// <summary>One line of UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    public OrderDocument Document =>
        field ??= JsonSerializer.Deserialize(Utf8.Span, ReadModelJson.Default.OrderDocument)!;

    /// <returns>
    /// Null unless these bytes are a document as <see cref="ReadModelJson"/> would write it, so that reading and
    /// writing it anew would change nothing.
    /// </returns>
    public static DocumentJson? TryTake(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
            return null;

        var reader = new Utf8JsonReader(json.Span);
        try
        {
            return reader.Read() && Form.Fits(ref reader) && reader.BytesConsumed == json.Length
                && !json.Span.Contains((byte)'\n') && System.Text.Unicode.Utf8.IsValid(json.Span)
                ? Take(json)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DocumentJson Take(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        var (id, version) = (Guid.Empty, 0L);
        while (version == 0 || id == Guid.Empty)
        {
            reader.Read();
            var (isId, isVersion) = (reader.ValueTextEquals("id"u8), reader.ValueTextEquals("version"u8));
            reader.Read();
            if (isId)
                id = reader.GetGuid();
            else if (isVersion)
                version = reader.GetInt64();
            else
                reader.Skip();
        }

        return new(id, version, json);
    }
}
