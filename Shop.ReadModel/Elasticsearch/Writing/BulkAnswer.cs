using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>The response to a bulk request: one item for each action in the request, in the same order.</summary>
internal sealed record BulkAnswer(IReadOnlyList<BulkAnswerItem> Items)
{
    /// <summary>Limits the response to the members that are read here.</summary>
    public const string FilterPath =
        "items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason";

    public static BulkAnswer Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, BulkAnswerJson.Default.BulkAnswer)
        ?? throw new JsonException("The bulk response is null.");
}

internal sealed record BulkAnswerItem(BulkItemResult? Index, BulkItemResult? Create, BulkItemResult? Delete)
{
    public BulkItemResult Result => Index ?? Create ?? Delete ?? throw new JsonException("An item of the bulk response is empty.");
}

internal sealed record BulkItemResult(int Status, BulkItemError? Error);

internal sealed record BulkItemError(string? Type, string? Reason, BulkItemError? CausedBy)
{
    // What follows quotes the field's value, and so does the cause. Neither belongs into logs.
    private const string Preview = ". Preview of field's value";

    public override string ToString()
    {
        if (Reason?.IndexOf(Preview, StringComparison.Ordinal) is { } at and >= 0)
            return $"{Type}: {Reason[..at]}";
        return CausedBy?.Reason is { } cause ? $"{Type}: {Reason} ({cause})" : $"{Type}: {Reason}";
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(BulkAnswer))]
internal sealed partial class BulkAnswerJson : JsonSerializerContext;
