using System.Text.Json;
using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>
/// An order document as a store returns it: the JSON that was written. It is parsed only if a caller needs more than
/// the bytes.
/// </summary>
/// <exception cref="ReadStoreUnavailableException">The stored JSON is not an order document.</exception>
public sealed class StoredOrder(ReadOnlyMemory<byte> json)
{
    /// <summary>The document as UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> Json => json;

    /// <summary>The document as a caller with this scope may see it.</summary>
    public StoredOrder For(CallerScope scope) => scope.CustomerId is null ? this : new(CustomerView.Of(json));

    /// <summary>The version in the document, read without parsing the whole document into objects.</summary>
    public long Version => ReadVersion();

    /// <summary>The document as an object, parsed once.</summary>
    public OrderDocument Document => field ??= Parse();

    private long ReadVersion()
    {
        try
        {
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isVersion = reader.ValueTextEquals("version"u8);
                reader.Read();
                if (isVersion && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var version))
                    return version;

                reader.Skip();
            }
        }
        catch (JsonException exception)
        {
            throw Damaged(exception);
        }

        throw Damaged();
    }

    private OrderDocument Parse()
    {
        try
        {
            return JsonSerializer.Deserialize(json.Span, ContractsJson.Default.OrderDocument) ?? throw Damaged();
        }
        catch (JsonException exception)
        {
            throw Damaged(exception);
        }
    }

    private static ReadStoreUnavailableException Damaged(JsonException? inner = null) => new(
        $"A stored order document is damaged: {inner?.Message ?? "it has no version"}. A deep reconciliation repairs it.",
        inner);
}
