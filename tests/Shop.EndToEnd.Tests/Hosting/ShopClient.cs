using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>A caller of both APIs, by the names that http.md fixes.</summary>
internal sealed class ShopClient(int portBase) : IDisposable
{
    private readonly HttpClient _write = new() { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 1}") };
    private readonly HttpClient _read = new() { BaseAddress = new Uri($"http://127.0.0.1:{portBase + 2}") };

    public async Task<Guid> RegisterAsync(string name = "Đức Müller")
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        using var response = await _write.PostAsJsonAsync("/customers", new { name, email, country = "DE" });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetGuid();
    }

    public async Task<string> AnySkuAsync() =>
        (await _write.GetFromJsonAsync<JsonElement>("/products?limit=1"))[0].GetProperty("sku").GetString()!;

    public async Task<HttpResponseMessage> PlaceAsync(
        Guid customer, string sku, string? note = null, string? key = null, string? traceParent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = JsonContent.Create(new
            {
                customerId = customer,
                lines = new[] { new { sku, quantity = 2 } },
                shippingAddress = new
                {
                    recipient = "Đức Müller",
                    street = "Lange Straße 1",
                    postalCode = "10115",
                    city = "Berlin",
                    country = "DE",
                },
                note,
            }),
        };
        request.Headers.Add("Idempotency-Key", key ?? Guid.CreateVersion7().ToString());
        if (traceParent is not null)
            request.Headers.Add("traceparent", traceParent);
        return await _write.SendAsync(request);
    }

    public Task<HttpResponseMessage> TrySearchAsync(string query) => _read.GetAsync($"/orders/search?{query}");

    /// <summary>Waits until both APIs say that they are ready.</summary>
    public async Task ReadyAsync()
    {
        foreach (var api in (HttpClient[])[_write, _read])
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var response = await api.GetAsync("/health/ready");
                    return response.IsSuccessStatusCode;
                },
                $"{api.BaseAddress} is ready", TimeSpan.FromSeconds(60));
    }

    public async Task<JsonElement> PayAsync(Guid order)
    {
        using var response = await _write.PostAsJsonAsync(
            $"/orders/{order}/pay", new { method = "card", reference = "4711" });
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Places the order however often the shop has to be asked: it may be down, but never makes two.</summary>
    public async Task<Receipt> PlaceForSureAsync(Guid customer, string sku, string? note = null)
    {
        var key = Guid.CreateVersion7().ToString();
        return (await Eventually.GetAsync(
            async () =>
            {
                try
                {
                    using var response = await PlaceAsync(customer, sku, note, key);
                    return response.StatusCode == HttpStatusCode.Created ? await ReadReceiptAsync(response) : null;
                }
                catch (HttpRequestException)
                {
                    return null;
                }
            },
            receipt => receipt is not null,
            "The order is placed",
            TimeSpan.FromMinutes(2)))!;
    }

    public static async Task<Receipt> ReadReceiptAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<Receipt>())!;

    /// <summary>The order as the read side has it in that version or a newer one; null while it has not.</summary>
    public async Task<JsonElement?> FindAsync(Receipt order)
    {
        try
        {
            using var response = await _read.GetAsync($"/orders/{order.Id}?waitFor={order.Id}:{order.Version}");
            return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<JsonElement> SearchAsync(string query) =>
        _read.GetFromJsonAsync<JsonElement>($"/orders/search?{query}");

    public void Dispose()
    {
        _write.Dispose();
        _read.Dispose();
    }
}

internal sealed record Receipt(Guid Id, long Version, string Number);
