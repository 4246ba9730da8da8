using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Shop.Contracts;
using Shop.ReadApi.Queries;

namespace Shop.ReadApi.Documents;

/// <summary>What a value of each query parameter is, and an example of it.</summary>
internal static class ReadParameters
{
    private const string Id = "01890a5d-ac96-774b-bcce-b302099a8057";

    public static IReadOnlyDictionary<string, (OpenApiSchema Schema, JsonNode Example)> All { get; } =
        new Dictionary<string, (OpenApiSchema, JsonNode)>
        {
            ["id"] = (Text("uuid"), Id),
            ["q"] = (Text(), "keyboard lamp"),
            ["status"] = (OneOf(
                OrderStatuses.Placed, OrderStatuses.Paid, OrderStatuses.Shipped, OrderStatuses.Delivered,
                OrderStatuses.Cancelled, OrderStatuses.Refunded), OrderStatuses.Paid),
            ["customerId"] = (Text("uuid"), Id),
            ["sku"] = (Text(), "KM-1007"),
            ["category"] = (Text(), "Lighting"),
            ["country"] = (Text(), "GB"),
            ["currency"] = (Text(), "EUR"),
            ["placedFrom"] = (Text(), "2025-12-01"),
            ["placedTo"] = (Text(), "2025-12-31T23:59:59Z"),
            ["totalFrom"] = (Whole(0, null), 1_000),
            ["totalTo"] = (Whole(0, null), 250_000),
            ["sort"] = (OneOf([.. SearchReading.SortNames]), "newest"),
            ["limit"] = (Whole(1, 20), 10),
            ["size"] = (Whole(1, 100), 20),
            ["cursor"] = (Text(), ""),
            ["facets"] = (OneOf([.. SearchReading.FacetNames]), "status"),
            ["highlight"] = (new OpenApiSchema { Type = JsonSchemaType.Boolean }, true),
            ["waitFor"] = (Text(), $"{Id}:1"),
            ["format"] = (OneOf("ndjson", "csv"), "csv"),
            ["timeZone"] = (Text(), "Europe/Berlin"),
            ["waitTimeoutMs"] = (Whole(0, 10_000), 2_000),
        };

    private static OpenApiSchema Text(string? format = null) => new() { Type = JsonSchemaType.String, Format = format };

    private static OpenApiSchema OneOf(params string[] names) =>
        new() { Type = JsonSchemaType.String, Enum = [.. names.Select(name => JsonValue.Create(name))] };

    private static OpenApiSchema Whole(long least, long? most) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = least.ToString(CultureInfo.InvariantCulture),
        Maximum = most?.ToString(CultureInfo.InvariantCulture),
    };
}
