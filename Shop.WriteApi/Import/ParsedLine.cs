using System.Text.Json;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Import;

/// <summary>A line of the input: an order, or why it is none.</summary>
internal readonly record struct ParsedLine(ImportLine? Order, ImportOutcome? Rejected)
{
    /// <param name="line">Null for a line that was longer than allowed.</param>
    public static ParsedLine Of(byte[]? line, DateTimeOffset now)
    {
        if (line is null)
            return Reject(null, $"The line is longer than {Limits.Body} bytes.");
        try
        {
            if (JsonSerializer.Deserialize(line, WireJson.Answers.ImportLine) is not { } order)
                return Reject(null, "$: The line must not be null.");
            if (RequestValidator.Check(order, WireJson.Answers.ImportLine) is { } errors)
                return Reject(order.Key, string.Join(' ', errors.Select(error => $"{error.Key}: {error.Value[0]}")));
            return order.PlacedAt > now
                ? Reject(order.Key, "$.placedAt: The order must not be placed in the future.")
                : new ParsedLine(order, null);
        }
        catch (JsonException exception)
        {
            return Reject(null, $"{exception.Path ?? "$"}: The line is not the JSON that is expected here.");
        }
    }

    private static ParsedLine Reject(string? key, string error) => new(null, ImportOutcome.Rejected(key, error));
}
