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
        if (type is null || !OrderEventTypes.IsReadable(type))
            throw new UnreadableEventException($"The event's type '{type}' is not one that this version reads.");

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
}

/// <summary>An event that no retry makes readable: it is parked, never skipped.</summary>
public sealed class UnreadableEventException(string message, Exception? inner = null) : Exception(message, inner);
