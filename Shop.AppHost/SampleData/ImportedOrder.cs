using System.Text.Json;

namespace Shop.AppHost.SampleData;

/// <summary>One line of <c>POST /orders/import</c>.</summary>
internal sealed record ImportedOrder(
    string Key,
    ImportedCustomer Customer,
    IReadOnlyList<ImportedLine> Lines,
    ImportedAddress ShippingAddress,
    string? Note,
    DateTimeOffset PlacedAt,
    string Status)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
}

internal sealed record ImportedCustomer(string Name, string Email, string Country);

internal sealed record ImportedAddress(string Recipient, string Street, string PostalCode, string City, string Country);

internal sealed record ImportedLine(string Sku, string Name, string Category, int Quantity, Price UnitPrice);

internal sealed record Price(long Amount, string Currency);

/// <summary>A product in the response of <c>GET /products</c>.</summary>
internal sealed record Product(string Sku, string Name, string Category, Price Price);

/// <summary>The outcome of one line in the response of the import.</summary>
internal sealed record ImportedOutcome(string? Key, string Outcome, string? Error);
