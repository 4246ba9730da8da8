using System.Net;
using System.Text.Json;
using Shop.Testing;

namespace Shop.WriteApi.Tests.Customers;

public sealed class ErasureTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Marker = "Zzyzx";

    // Every table as text. The stored bodies are bytes.
    private const string CountMarked = """
        select (select count(*) from customers t where t::text ilike $1)
            + (select count(*) from customer_changes t where t::text ilike $1)
            + (select count(*) from orders t where t::text ilike $1)
            + (select count(*) from order_lines t where t::text ilike $1)
            + (select count(*) from order_events t where t::text ilike $1)
            + (select count(*) from payments t where t::text ilike $1)
            + (select count(*) from refunds t where t::text ilike $1)
            + (select count(*) from shipments t where t::text ilike $1)
            + (select count(*) from outbox t where t::text ilike $1)
            + (select count(*) from idempotency_keys where encode(body, 'escape') ilike $1)
        """;

    private const string CountEvents =
        "select count(*) from outbox where type = 'shop.order.customer-erased.v1' and order_id = any ($1)";

    [Fact]
    public async Task An_erased_customer_is_found_nowhere_in_the_write_database()
    {
        await using var api = await WriteApi.StartAsync();
        var customer = await RegisterAsync(api);
        Guid[] orders = [await FulfilAsync(api, customer), await PlaceAsync(api, customer)];
        Assert.NotEqual(0, await api.QueryAsync<long>(CountMarked, $"%{Marker}%"));

        var response = await api.PostAsync($"/customers/{customer}/erase");

        await response.ReadAsync(HttpStatusCode.Accepted);
        var erasure = await ErasedAsync(api, customer);
        Assert.Equal(2, erasure.GetProperty("orders").GetInt64());
        Assert.Equal(0, await api.QueryAsync<long>(CountMarked, $"%{Marker}%"));
        Assert.Equal(2, await api.QueryAsync<long>(CountEvents, orders));
        var order = await api.GetJsonAsync($"/orders/{orders[0]}");
        Assert.Equal("customer-erased", order.GetProperty("timeline").EnumerateArray().Last().GetProperty("type").GetString());
        Assert.Equal("GB", order.GetProperty("shippingAddress").GetProperty("country").GetString());
    }

    [Fact]
    public async Task An_erased_customer_cannot_be_given_personal_data_again()
    {
        var api = await fixture.GetAsync();
        var email = $"{Guid.CreateVersion7():N}@example.com";
        var imported = Assert.Single(await ImportAsync(api, "before", email));
        var order = await api.GetJsonAsync($"/orders/{imported.GetProperty("id").GetGuid()}");
        var customer = order.GetProperty("customer").GetProperty("id").GetGuid();
        await (await api.PostAsync($"/customers/{customer}/erase")).ReadAsync(HttpStatusCode.Accepted);
        await ErasedAsync(api, customer);

        var named = new { name = Marker, email, country = "GB" };
        HttpResponseMessage[] refused =
        [
            await api.PutAsync($"/customers/{customer}", named),
            await api.PostAsync("/orders", Given.Order(customer)),
            await api.PutAsync($"/orders/{order.GetProperty("id").GetGuid()}/shipping-address", Given.Address),
        ];

        foreach (var response in refused)
            Assert.Equal("customer.erased", await response.ReadCodeAsync(HttpStatusCode.Conflict));
        var again = Assert.Single(await ImportAsync(api, "after", email.ToUpperInvariant()));
        Assert.StartsWith("customer.erased", again.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Erasing_twice_is_erasing_once()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync();
        var unknown = await api.SendAsync(HttpMethod.Get, $"/customers/{customer}/erasure");
        Assert.Equal("customer.not-erased", await unknown.ReadCodeAsync(HttpStatusCode.NotFound));

        var first = await (await api.PostAsync($"/customers/{customer}/erase")).ReadAsync(HttpStatusCode.Accepted);
        var second = await (await api.PostAsync($"/customers/{customer}/erase")).ReadAsync(HttpStatusCode.Accepted);
        var missing = await api.PostAsync($"/customers/{Guid.CreateVersion7()}/erase");

        Assert.Equal(first.GetProperty("requestedAt").GetString(), second.GetProperty("requestedAt").GetString());
        Assert.Equal("customer.not-found", await missing.ReadCodeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Orders_that_are_placed_during_the_erasure_are_erased_or_refused()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync();
        var placing = Enumerable.Range(0, 20).Select(_ => api.PostAsync("/orders", Given.Order(customer)));

        await Task.WhenAll(placing.Append(api.PostAsync($"/customers/{customer}/erase")));

        await ErasedAsync(api, customer);
        Assert.Equal(0, await api.QueryAsync<long>(
            "select count(*) from orders where customer_id = $1 and recipient <> 'Erased'", customer));
    }

    private static async Task<Guid> RegisterAsync(WriteApi api)
    {
        var customer = new { name = $"Ada {Marker}", email = $"{Marker}@example.com", country = "GB" };
        var response = await api.PostAsync("/customers", customer, ("Idempotency-Key", $"{Guid.CreateVersion7()}"));
        return (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> PlaceAsync(WriteApi api, Guid customer)
    {
        var order = new
        {
            customerId = customer,
            lines = new[] { new { sku = Given.Sku, quantity = 1 } },
            shippingAddress = new
            {
                recipient = Marker,
                street = $"{Marker} 1",
                postalCode = "SW1Y 4JH",
                city = Marker,
                country = "GB",
            },
            note = $"For {Marker}",
        };
        return (await (await api.PostAsync("/orders", order)).ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
    }

    private static async Task<Guid> FulfilAsync(WriteApi api, Guid customer)
    {
        var id = await PlaceAsync(api, customer);
        await (await api.PostAsync($"/orders/{id}/pay", new { method = "card", reference = Marker }))
            .ReadAsync(HttpStatusCode.OK);
        await (await api.PostAsync($"/orders/{id}/ship", new { carrier = "Post", trackingNumber = Marker }))
            .ReadAsync(HttpStatusCode.OK);
        var refund = new { amount = new { amount = 1, currency = "EUR" }, reason = $"{Marker} asked" };
        await (await api.PostAsync($"/orders/{id}/refund", refund)).ReadAsync(HttpStatusCode.OK);
        return id;
    }

    private static Task<JsonElement> ErasedAsync(WriteApi api, Guid customer) => Eventually.GetAsync(
        () => api.GetJsonAsync($"/customers/{customer}/erasure"),
        erasure => erasure.GetProperty("isErased").GetBoolean(),
        "The customer is erased");

    private static async Task<List<JsonElement>> ImportAsync(WriteApi api, string key, string email)
    {
        var line = JsonSerializer.Serialize(new
        {
            key = $"{key}-{email}",
            customer = new { name = Marker, email, country = "GB" },
            lines = new[]
            {
                new { sku = "A", name = "Lamp", category = "C", quantity = 1, unitPrice = new { amount = 1, currency = "EUR" } },
            },
            shippingAddress = Given.Address,
            placedAt = "2025-01-01T00:00:00Z",
            status = "placed",
        });
        using var body = new StringContent(line, null, "application/x-ndjson");
        var text = await (await api.PostAsync("/orders/import", body)).Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(found => JsonElement.Parse(found))];
    }
}
