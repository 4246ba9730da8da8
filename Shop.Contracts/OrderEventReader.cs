using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Shop.Contracts;

/// <summary>Reads the state that an event carries; the one place where older event versions would be upcast.</summary>
public static class OrderEventReader
{
    /// <param name="type">The <see cref="EventHeaders.Type"/> of the message.</param>
    /// <param name="value">The message's value, UTF-8 JSON.</param>
    /// <returns>The order's full state after the event.</returns>
    /// <exception cref="UnreadableEventException">The event can never be read by this version of the contract.</exception>
    public static OrderState Read(string? type, ReadOnlySpan<byte> value)
    {
        ThrowIfUnknown(type);
        try
        {
            return JsonSerializer.Deserialize(value, ContractsJson.Default.OrderEnvelope)?.Order
                ?? throw new UnreadableEventException("The event's value is null.");
        }
        catch (JsonException exception)
        {
            throw new UnreadableEventException($"The event's value does not fit: {exception.Message}", exception);
        }
    }

    /// <summary>The part of the value that is the state, unread, where the value has the form that is written today.</summary>
    /// <returns>Empty where it has another form; <see cref="Read"/> may be able to read that.</returns>
    /// <inheritdoc cref="Read"/>
    public static ReadOnlyMemory<byte> Cut(string? type, ReadOnlyMemory<byte> value)
    {
        ThrowIfUnknown(type);
        var reader = new Utf8JsonReader(value.Span);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("data"u8)
                && reader.Read() && reader.TrySkip()
                && reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("order"u8)
                && value.Span[^1] == '}'
                ? value[(int)reader.BytesConsumed..^1]
                : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static void ThrowIfUnknown([NotNull] string? type)
    {
        if (type is null || !OrderEventTypes.IsReadable(type))
            throw new UnreadableEventException($"The event's type '{type}' is not one that this version reads.");
    }
}

/// <summary>An event that no retry makes readable: it is parked, never skipped.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
