using System.Globalization;
using System.Text.Json;

namespace Shop.EndToEnd.Tests.Generated;

/// <summary>
/// Customers, products and orders as callers make them, one after another: each value that is accepted has to come back.
/// </summary>
internal sealed class PlacedOrders(GeneratedRequests requests)
{
    public async Task PlaceAsync(GeneratedValues values, int number)
    {
        Dictionary<string, string> given = [];
        if (await RegisterAsync(values, given) is not { } customer || await PutProductAsync(values, number, given) is not { } sku)
            return;

        var address = Address(values);
        var note = values.Text(2_000);
        var placed = await requests.TryAsync(HttpMethod.Post, "/orders", new
        {
            customerId = customer,
            lines = new[] { new { sku, quantity = 3 } },
            shippingAddress = address,
            note,
        });
        if (placed is not { } order)
            return;

        Add(given, address);
        if (!string.IsNullOrWhiteSpace(note))
            given["note"] = note;
        var id = order.GetProperty("id").GetGuid();
        requests.Accept(id, await ChangeAsync(values, id, sku, given), given);
    }

    /// <returns>The version after the changes that were accepted.</returns>
    private async Task<long> ChangeAsync(GeneratedValues values, Guid id, string sku, Dictionary<string, string> given)
    {
        var version = 1L;
        var moved = Address(values);
        if (await ApplyAsync(HttpMethod.Put, "shipping-address", moved))
            Add(given, moved);
        var quantity = values.Number();
        if (await ApplyAsync(HttpMethod.Put, "lines", new[] { new { sku, quantity } }))
            given["lines.0.quantity"] = Text(quantity);
        if (!await ApplyAsync(HttpMethod.Post, "pay", new { method = values.Text(50), reference = values.Text(100) }))
            return version;

        var (carrier, trackingNumber) = (values.Text(100), values.Text(100));
        if (await ApplyAsync(HttpMethod.Post, "ship", new { carrier, trackingNumber }))
            (given["shipment.carrier"], given["shipment.trackingNumber"]) = (carrier, trackingNumber);
        return version;

        async Task<bool> ApplyAsync(HttpMethod method, string command, object body)
        {
            if (await requests.TryAsync(method, $"/orders/{id}/{command}", body) is not { } receipt)
                return false;
            version = receipt.GetProperty("version").GetInt64();
            return true;
        }
    }

    private async Task<Guid?> RegisterAsync(GeneratedValues values, Dictionary<string, string> given)
    {
        var local = values.Rarely() ? values.Text(60) : $"{Guid.CreateVersion7():N}";
        var customer = new
        {
            name = values.Text(200),
            email = $"{local}@example.com",
            country = GeneratedRequests.Country(values),
        };
        if (await requests.TryAsync(HttpMethod.Post, "/customers", customer) is not { } registered)
            return null;

        given["customer.name"] = customer.name;
        given["customer.email"] = customer.email;
        given["customer.country"] = customer.country;
        requests.Compare(registered, "customer", new Dictionary<string, string>
        {
            ["name"] = customer.name,
            ["email"] = customer.email,
            ["country"] = customer.country,
        });
        return registered.GetProperty("id").GetGuid();
    }

    private async Task<string?> PutProductAsync(GeneratedValues values, int number, Dictionary<string, string> given)
    {
        var sku = $"P-{number}";
        var price = new { amount = values.Rarely() ? values.Number() : 4_990, currency = values.Pick("EUR", "JPY", "BHD") };
        var product = new { name = values.Text(200), category = values.Rarely() ? values.Text(100) : "Generated", price };
        if (await requests.TryAsync(HttpMethod.Put, $"/products/{sku}", product) is null)
            return null;

        given["lines.0.sku"] = sku;
        given["lines.0.name"] = product.name;
        given["lines.0.category"] = product.category;
        given["lines.0.quantity"] = "3";
        given["lines.0.unitPrice.amount"] = Text(price.amount);
        given["lines.0.unitPrice.currency"] = price.currency;
        return sku;
    }

    private static GeneratedAddress Address(GeneratedValues values) => new(
        values.Text(200), values.Text(200), values.Rarely() ? values.Text(20) : "10115", values.Text(100),
        GeneratedRequests.Country(values));

    private static void Add(Dictionary<string, string> given, GeneratedAddress address)
    {
        foreach (var member in JsonSerializer.SerializeToElement(address, JsonSerializerOptions.Web).EnumerateObject())
            given[$"shippingAddress.{member.Name}"] = member.Value.GetString()!;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record GeneratedAddress(string Recipient, string Street, string PostalCode, string City, string Country);
}
