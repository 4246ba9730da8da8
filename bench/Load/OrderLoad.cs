using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Bench.Hosting;
using Shop.Bench.Lag;

namespace Shop.Bench.Load;

/// <summary>Places orders over HTTP as a caller would, and finds each by its number.</summary>
internal sealed class OrderLoad(
    ShopProcess shop, Guid customerId, IReadOnlyList<JsonElement> products, string? token = null)
{
    private int _next;

    public Guid CustomerId => customerId;

    public IReadOnlyList<JsonElement> Products => products;

    public static async Task<OrderLoad> CreateAsync(ShopProcess shop, CancellationToken cancellationToken)
    {
        using var created = await shop.WriteApi.PostAsJsonAsync(
            "/customers",
            new { name = "Ada Lovelace", email = $"{Guid.CreateVersion7():N}@example.org", country = "GB" },
            cancellationToken);
        var customer = await ReadAsync(created, cancellationToken);
        var products = await shop.WriteApi.GetFromJsonAsync<JsonElement>("/products?limit=50", cancellationToken);
        return new OrderLoad(
            shop,
            customer.GetProperty("id").GetGuid(),
            [.. products.EnumerateArray()]);
    }

    /// <summary>The same load, with a token of the customer.</summary>
    public OrderLoad With(string accessToken) => new(shop, customerId, products, accessToken);

    /// <returns>The answer: id, number, status, version and total.</returns>
    public async Task<JsonElement> PlaceAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders") { Content = JsonContent.Create(Order()) };
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var placed = await shop.WriteApi.SendAsync(request, CancellationToken.None);
        return await ReadAsync(placed, CancellationToken.None);
    }

    public async Task PlaceAndFindAsync(long due, LagRecorders recorders)
    {
        var order = await PlaceAsync();
        var answered = Stopwatch.GetTimestamp();
        recorders.Answered.Record(Stopwatch.GetElapsedTime(due, answered));

        var (id, number) = (order.GetProperty("id").GetString(), order.GetProperty("number").GetString());
        using var found = await shop.ReadApi.GetAsync(
            new Uri($"/orders/search?q={number}&waitFor={id}:1&waitTimeoutMs=10000", UriKind.Relative));
        var page = await ReadAsync(found, CancellationToken.None);
        if (page.GetProperty("items").GetArrayLength() != 1)
            throw new InvalidOperationException($"A search that waited for order {number} did not find it.");
        recorders.Found.Record(Stopwatch.GetElapsedTime(answered));
    }

    private object Order()
    {
        var i = Interlocked.Increment(ref _next);
        return new
        {
            customerId,
            lines = new[]
            {
                new { sku = Sku(i), quantity = 1 + (i % 3) },
                new { sku = Sku(i + 7), quantity = 1 },
            },
            shippingAddress = new
            {
                recipient = "Ada Lovelace",
                street = $"{1 + (i % 200)} St James's Square",
                postalCode = "SW1Y 4JH",
                city = "London",
                country = "GB",
            },
            note = "Leave it with the porter",
        };
    }

    private string Sku(int i) => products[i % products.Count].GetProperty("sku").GetString()!;

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonElement.Parse(body)
            : throw new InvalidOperationException($"{response.RequestMessage?.RequestUri}: {response.StatusCode} {body}");
    }
}
