using System.Diagnostics;
using System.Net;

namespace Shop.WriteApi.Tests.Orders;

public sealed class OrderCommandTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Versions =
        "select string_agg(version::text, ',' order by version) from outbox where order_id = $1";

    private const string LastEvent =
        "select payload::text from outbox where order_id = $1 order by version desc limit 1";

    [Fact]
    public async Task Placing_an_order_writes_it_with_catalogue_prices_and_one_event()
    {
        var api = await fixture.GetAsync();
        var response = await api.PostAsync("/orders", Given.Order(await api.CustomerAsync(), quantity: 3));
        var receipt = await response.ReadAsync(HttpStatusCode.Created);
        var id = receipt.GetProperty("id").GetGuid();
        var price = await api.QueryAsync<long>("select price from products where sku = $1", Given.Sku);

        Assert.Equal($"/orders/{id}", response.Headers.Location?.ToString());
        Assert.Equal("\"1\"", response.Headers.ETag?.Tag);
        Assert.Equal(3 * price, receipt.GetProperty("total").GetProperty("amount").GetInt64());
        Assert.Equal(10, receipt.GetProperty("number").GetString()!.Length);
        Assert.Equal(1, await api.QueryAsync<long>("select count(*) from outbox where order_id = $1", id));
    }

    [Fact]
    public async Task Every_command_adds_one_event_whose_order_document_is_the_stored_one()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        await (await api.PutAsync($"/orders/{id}/lines", new[] { new { sku = "LI-1007", quantity = 1 } }))
            .ReadAsync(HttpStatusCode.OK);
        await (await api.PutAsync($"/orders/{id}/shipping-address", Given.Address)).ReadAsync(HttpStatusCode.OK);
        await (await api.PostAsync($"/orders/{id}/pay", Given.Payment)).ReadAsync(HttpStatusCode.OK);
        await (await api.PostAsync($"/orders/{id}/ship", Given.Shipment)).ReadAsync(HttpStatusCode.OK);
        await (await api.PostAsync($"/orders/{id}/deliver")).ReadAsync(HttpStatusCode.OK);
        var part = new { amount = new { amount = 100, currency = "EUR" }, reason = "scratched" };
        await (await api.PostAsync($"/orders/{id}/refund", part)).ReadAsync(HttpStatusCode.OK);
        var receipt = await (await api.PostAsync($"/orders/{id}/refund")).ReadAsync(HttpStatusCode.OK);

        Assert.Equal("refunded", receipt.GetProperty("status").GetString());
        Assert.Equal(8, receipt.GetProperty("version").GetInt64());
        Assert.Equal(
            "1,2,3,4,5,6,7,8",
            await api.QueryAsync<string>(Versions, id));
        var state = (await api.Client.GetStringAsync($"/internal/orders/states?ids={id}")).TrimEnd('\n');
        Assert.EndsWith($",\"order\":{state}}}", await api.QueryAsync<string>(LastEvent, id), StringComparison.Ordinal);
        Assert.Equal(state, await api.Client.GetStringAsync($"/orders/{id}"));
    }

    [Fact]
    public async Task A_later_price_does_not_change_an_order()
    {
        var api = await fixture.GetAsync();
        var product = new { name = "Old name", category = "Test", price = new { amount = 500, currency = "EUR" } };
        var put = await api.PutAsync("/products/T-1", product);
        Assert.Equal(HttpStatusCode.Created, put.StatusCode);
        var customer = await api.CustomerAsync();
        var response = await api.PostAsync("/orders", Given.Order(customer, 1, "T-1"));
        var receipt = await response.ReadAsync(HttpStatusCode.Created);
        var changed = new { name = "New name", category = "Test", price = new { amount = 900, currency = "EUR" } };
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsync("/products/T-1", changed)).StatusCode);

        var line = (await api.GetJsonAsync($"/orders/{receipt.GetProperty("id")}")).GetProperty("lines")[0];
        Assert.Equal("Old name", line.GetProperty("name").GetString());
        Assert.Equal(500, line.GetProperty("unitPrice").GetProperty("amount").GetInt64());
    }

    [Fact]
    public async Task Unknown_customers_products_and_orders_are_404_with_a_code()
    {
        var api = await fixture.GetAsync();
        var unknown = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        var customer = await api.CustomerAsync();
        var responses = new Dictionary<string, Task<HttpResponseMessage>>
        {
            ["customer.not-found"] = api.PostAsync("/orders", Given.Order(unknown)),
            ["product.not-found"] = api.PostAsync("/orders", Given.Order(customer, sku: "NONE")),
            ["order.not-found"] = api.PostAsync($"/orders/{unknown}/pay", Given.Payment),
        };
        foreach (var (code, response) in responses)
            Assert.Equal(code, await (await response).ReadCodeAsync(HttpStatusCode.NotFound));
    }

    [Fact]
    public async Task Violating_a_rule_is_409_and_changes_nothing()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var response = await api.PostAsync($"/orders/{id}/ship", Given.Shipment);
        Assert.Equal("order.not-paid", await response.ReadCodeAsync(HttpStatusCode.Conflict));
        Assert.Equal(1, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_change_with_If_Match_succeeds_only_on_a_listed_version()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var stale = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("If-Match", "\"7\""));
        Assert.Equal("request.stale", await stale.ReadCodeAsync(HttpStatusCode.PreconditionFailed));
        Assert.Equal("\"1\"", stale.Headers.ETag?.Tag);
        var weak = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("If-Match", "W/\"1\""));
        Assert.Equal(HttpStatusCode.PreconditionFailed, weak.StatusCode);
        var bad = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("If-Match", "1"));
        Assert.Equal("request.invalid", await bad.ReadCodeAsync(HttpStatusCode.BadRequest));
        var right = await api.PostAsync($"/orders/{id}/pay", Given.Payment, ("If-Match", "\"3\", \"1\""));
        Assert.Equal("\"2\"", right.Headers.ETag?.Tag);
    }

    [Fact]
    public async Task Fifty_concurrent_writers_on_one_order_succeed_or_get_409_and_no_update_is_lost()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            api.PutAsync($"/orders/{id}/lines", new[] { new { sku = Given.Sku, quantity = i + 1 } })));

        var changed = responses.Count(response => response.StatusCode == HttpStatusCode.OK);
        Assert.InRange(changed, 1, 50);
        Assert.Equal(1 + changed, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
        Assert.Equal(1L + changed, await api.QueryAsync<long>("select count(*) from outbox where order_id = $1", id));
        foreach (var response in responses.Where(response => response.StatusCode != HttpStatusCode.OK))
            Assert.Equal("order.busy", await response.ReadCodeAsync(HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task The_stored_traceparent_belongs_to_the_requests_trace()
    {
        var api = await fixture.GetAsync();
        var body = Given.Order(await api.CustomerAsync());
        using var activity = new Activity("the caller").Start();
        var id = (await (await api.PostAsync("/orders", body)).ReadAsync(HttpStatusCode.Created)).GetProperty("id");
        var stored = await api.QueryAsync<string>(
            "select traceparent from outbox where order_id = $1", id.GetGuid());
        Assert.Equal(activity.TraceId, ActivityContext.Parse(stored, traceState: null).TraceId);
    }
}
