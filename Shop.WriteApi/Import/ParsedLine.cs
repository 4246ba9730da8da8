using System.Buffers;
using System.Text.Json;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

/// <summary>A line of the input: an order, or the reason for its rejection.</summary>
/// <param name="Id">The order's id.</param>
internal readonly record struct ParsedLine(Guid Id, ImportLine? Order, ImportOutcome? Rejected)
{
    /// <param name="line">Null if the line was too long.</param>
    public static ParsedLine Of(ReadOnlySequence<byte>? line, DateTimeOffset now)
    {
        if (line is not { } bytes)
            return Reject(null, $"The line is longer than {RequestLimits.Body} bytes.");
        try
        {
            var json = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
            if (JsonSerializer.Deserialize(json, ImportJson.Wire.ImportLine) is not { } order)
                return Reject(null, "$: The line must not be null.");
            if (RequestValidator.Check(order, ImportJson.Wire.ImportLine) is { } errors)
                return Reject(order.Key, string.Join(' ', errors.Select(error => $"{error.Key}: {error.Value[0]}")));
            return order.PlacedAt > now
                ? Reject(order.Key, "$.placedAt: The value must not be in the future.")
                : new ParsedLine(ImportIds.OfOrder(order.Key!), order, null);
        }
        catch (JsonException exception)
        {
            return Reject(null, $"{exception.Path ?? "$"}: The line is not valid JSON of an imported order.");
        }
    }

    private static ParsedLine Reject(string? key, string error) => new(Guid.Empty, null, ImportOutcome.Rejected(key, error));
}
