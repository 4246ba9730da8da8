using System.Text.Json;

namespace Shop.Contracts;

/// <summary>
/// An order document together with its JSON. The bytes pass from an event or a feed into a read store as they are; the
/// document was read from them once, which validates them.
/// </summary>
public sealed class SerializedOrder
{
    private SerializedOrder(OrderDocument document, ReadOnlyMemory<byte> json) => (Document, Json) = (document, json);

    public OrderDocument Document { get; }

    /// <summary>The document as one line of UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    public Guid Id => Document.Id;

    public long Version => Document.Version;

    /// <param name="json">An order document as UTF-8 JSON. The bytes are kept, not copied, if they are a single line.</param>
    /// <exception cref="UnreadableEventException">The bytes are not an order document.</exception>
    public static SerializedOrder Parse(ReadOnlyMemory<byte> json)
    {
        OrderDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json.Span, ContractsJson.Default.OrderDocument)
                ?? throw new UnreadableEventException("The order document is null.");
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException($"The order document is not valid: {exception.Message}", exception);
        }

        // Nullable annotations are not checked inside of collections.
        if (document.Lines.Contains(null!) || document.Timeline.Contains(null!))
            throw new UnreadableEventException("The order document has a null line or timeline entry.");

        // A line break between members would end the document early in a newline-delimited request.
        return json.Span.Contains((byte)'\n') ? From(document) : new(document, json);
    }

    public static SerializedOrder From(OrderDocument document) =>
        new(document, JsonSerializer.SerializeToUtf8Bytes(document, ContractsJson.Default.OrderDocument));
}
