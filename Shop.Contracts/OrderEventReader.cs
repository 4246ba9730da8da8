using System.Text.Json;

namespace Shop.Contracts;

/// <summary>Reads the order document that an event carries. Older event versions would be upcast here.</summary>
public static class OrderEventReader
{
    /// <param name="type">The event's <see cref="EventHeaders.Type"/>.</param>
    /// <param name="value">The message's value, UTF-8 JSON.</param>
    /// <returns>The order after the event. Its bytes are a part of <paramref name="value"/>.</returns>
    /// <exception cref="UnreadableEventException">This version of the contract cannot read the event.</exception>
    public static SerializedOrder Read(string? type, ReadOnlyMemory<byte> value)
    {
        if (type is null || !OrderEventTypes.IsReadable(type))
            throw new UnreadableEventException($"The event type '{type}' is not supported.");

        try
        {
            return SerializedOrder.Parse(FindOrder(value));
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException($"The event's value is not valid JSON: {exception.Message}", exception);
        }
    }

    private static ReadOnlyMemory<byte> FindOrder(ReadOnlyMemory<byte> value)
    {
        var reader = new Utf8JsonReader(value.Span);
        ReadOnlyMemory<byte>? order = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new UnreadableEventException("The event's value is not a JSON object.");

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOrder = reader.ValueTextEquals("order"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isOrder)
                order = value[start..(int)reader.BytesConsumed];
        }

        // Reads to the end, so that anything after the object is an error.
        while (reader.Read())
        {
        }

        return order ?? throw new UnreadableEventException("The event has no member 'order'.");
    }
}

/// <summary>An event that cannot be read, however often it is tried.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
