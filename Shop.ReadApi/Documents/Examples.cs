namespace Shop.ReadApi.Documents;

/// <summary>Answers that the document shows.</summary>
internal static class Examples
{
    public const string Order = """
        {
          "id": "01890a5d-ac96-774b-bcce-b302099a8057", "number": "7ZK3M9Q2XA", "version": 1, "status": "placed",
          "customer": {
            "id": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e", "name": "Ada Lovelace", "email": "ada@example.com",
            "country": "GB"
          },
          "lines": [
            {
              "sku": "LI-1007", "name": "Desk Lamp", "category": "Lighting", "quantity": 2,
              "unitPrice": { "amount": 4990, "currency": "EUR" }
            }
          ],
          "total": { "amount": 9980, "currency": "EUR" },
          "placedAt": "2025-12-01T09:30:00Z", "updatedAt": "2025-12-01T09:30:00Z",
          "shippingAddress": {
            "recipient": "Ada Lovelace", "street": "12 St James's Square", "postalCode": "SW1Y 4JH", "city": "London",
            "country": "GB"
          },
          "note": "Please ring twice."
        }
        """;

    public const string Search = $$"""
        {
          "items": [{{Order}}],
          "total": { "value": 1, "relation": "eq" },
          "facets": { "status": [{ "value": "placed", "count": 1 }] },
          "nextCursor": null,
          "tookMs": 3.2,
          "freshness": { "lagMs": 12, "asOf": "2025-12-01T09:30:05Z" }
        }
        """;

    public const string Statistics = """
        {
          "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }],
          "byStatus": [{ "value": "placed", "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }] }],
          "byDay": [{ "day": "2025-12-01", "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }] }],
          "byCategory": [{ "value": "Lighting", "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }] }],
          "byCountry": [{ "value": "GB", "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }] }],
          "byCurrency": [{ "value": "EUR", "count": 1, "revenue": [{ "currency": "EUR", "amount": 9980 }] }],
          "timeZone": "Europe/Berlin",
          "tookMs": 8.1,
          "freshness": { "lagMs": 12, "asOf": "2025-12-01T09:30:05Z" }
        }
        """;

    /// <summary>Of a type that is not JSON: shown as text.</summary>
    public const string Live = """
        "event: order\nid: V0Rv2m5yN1mJrB4cZ8ksWQ7dXt3pLa6hUe0f\ndata: {\"id\": \"01890a5d-ac96-774b-bcce-b302099a8057\", …}\n\n"
        """;

    public const string Customer = """
        {
          "id": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e", "name": "Ada Lovelace", "email": "ada@example.com",
          "country": "GB", "orders": 3, "spent": [{ "currency": "EUR", "amount": 14970 }],
          "firstOrderAt": "2025-03-01T12:00:00Z", "lastOrderAt": "2025-12-01T09:30:00Z"
        }
        """;

    public const string Customers = """
        {
          "customers": [
            {
              "id": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e", "name": "Ada Lovelace", "email": "ada@example.com",
              "country": "GB", "orders": 3, "lastOrderAt": "2025-12-01T09:30:00Z"
            }
          ]
        }
        """;

    public const string Suggestions = """
        {
          "suggestions": [
            { "kind": "customer", "text": "Ada Lovelace", "id": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e" },
            { "kind": "product", "text": "Desk Lamp", "id": "LI-1007" }
          ]
        }
        """;
}
