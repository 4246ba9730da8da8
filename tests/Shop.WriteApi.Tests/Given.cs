using System.Net;
using System.Text.Json;

namespace Shop.WriteApi.Tests;

/// <summary>Creates customers and orders through the API.</summary>
internal static class Given
{
    public const string Sku = "KM-1007";

    public static object Address => new
    {
        recipient = "Ada Lovelace",
        street = "12 St James's Square",
        postalCode = "SW1Y 4JH",
        city = "London",
        country = "GB",
    };

    public static object Payment => new { method = "card", reference = "pay-1" };

    public static object Shipment => new { carrier = "Parcel Post", trackingNumber = "PP-1" };

    public static object Order(Guid customerId, int quantity = 2, string sku = Sku) => new
    {
        customerId,
        lines = new[] { new { sku, quantity } },
        shippingAddress = Address,
        note = "Ring twice",
    };

    public static async Task<Guid> CustomerAsync(this WriteApi api, string name = "Ada Lovelace")
    {
        var response = await api.PostAsync("/customers", new { name, email = "ada@example.com", country = "GB" });
        return (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public static async Task<Guid> OrderAsync(this WriteApi api, int quantity = 2)
    {
        var response = await api.PostAsync("/orders", Order(await api.CustomerAsync(), quantity));
        return (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    public static async Task<Guid> PaidOrderAsync(this WriteApi api)
    {
        var id = await api.OrderAsync();
        await (await api.PostAsync($"/orders/{id}/pay", Payment)).ReadAsync(HttpStatusCode.OK);
        return id;
    }

    /// <summary>Checks the status and returns the body.</summary>
    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync();
        var status = (int)response.StatusCode;
        Assert.True(response.StatusCode == expected, $"Expected {(int)expected}, got {status}: {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>Checks that the response is a complete problem with the expected status and returns its code.</summary>
    public static async Task<string?> ReadCodeAsync(this HttpResponseMessage response, HttpStatusCode expected)
    {
        var problem = await response.ReadAsync(expected);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.All(
            (string[])["title", "detail", "traceId"],
            member => Assert.False(string.IsNullOrEmpty(problem.GetProperty(member).GetString())));
        return problem.GetProperty("code").GetString();
    }
}
