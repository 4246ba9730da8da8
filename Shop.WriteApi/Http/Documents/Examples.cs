namespace Shop.WriteApi.Http.Documents;

/// <summary>Bodies that the document shows; a test sends them.</summary>
internal static class Examples
{
    public const string Lines = """[{ "sku": "KM-1007", "quantity": 1 }, { "sku": "LI-1007", "quantity": 2 }]""";

    public const string Address = """
        {
          "recipient": "Ada Lovelace", "street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London",
          "country": "GB"
        }
        """;

    public const string Order = $$"""
        {
          "customerId": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e", "lines": {{Lines}}, "shippingAddress": {{Address}},
          "note": "Please ring twice."
        }
        """;

    public const string Payment = """{ "method": "card", "reference": "pay-4711" }""";

    public const string Shipment = """{ "carrier": "Parcel Post", "trackingNumber": "PP123456789" }""";

    public const string Reason = """{ "reason": "Ordered twice." }""";

    public const string Refund = """{ "amount": { "amount": 500, "currency": "EUR" }, "reason": "A scratch." }""";

    public const string Customer = """{ "name": "Ada Lovelace", "email": "ada@example.com", "country": "GB" }""";

    public const string Product = """
        { "name": "Desk Lamp", "category": "Lighting", "price": { "amount": 4990, "currency": "EUR" } }
        """;
}
