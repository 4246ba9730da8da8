using System.Diagnostics;
using System.Net;

namespace Shop.WriteApi.Tests.Orders;

public sealed class OrderCommandTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    private const string Versions =
        "select string_agg(version::text, ',' order by version) from outbox where order_id = $1";

    private const string LastEvent =
        "select payload::text from outbox where order_id = $1 order by version desc limit 1";

    [SkippableFact]
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

    [SkippableFact]
    public async Task A_whole_life_leaves_one_event_a_version_and_the_state_of_the_last()
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

    [SkippableFact]
    public async Task A_later_price_does_not_touch_an_order()
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

    [SkippableFact]
    public async Task What_does_not_exist_is_404_with_a_code()
    {
        var api = await fixture.GetAsync();
        var unknown = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        var customer = await api.CustomerAsync();
        var answers = new Dictionary<string, Task<HttpResponseMessage>>
        {
            ["customer.not-found"] = api.PostAsync("/orders", Given.Order(unknown)),
            ["product.not-found"] = api.PostAsync("/orders", Given.Order(customer, sku: "NONE")),
            ["order.not-found"] = api.PostAsync($"/orders/{unknown}/pay", Given.Payment),
        };
        foreach (var (code, answer) in answers)
            Assert.Equal(code, await (await answer).ReadCodeAsync(HttpStatusCode.NotFound));
    }

    [SkippableFact]
    public async Task A_broken_rule_is_409_and_changes_nothing()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var response = await api.PostAsync($"/orders/{id}/ship", Given.Shipment);
        Assert.Equal("order.not-paid", await response.ReadCodeAsync(HttpStatusCode.Conflict));
        Assert.Equal(1, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
    }

    [SkippableFact]
    public async Task If_Match_names_the_version_that_may_change()
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

    [SkippableFact]
    public async Task Fifty_writers_on_one_order_lose_no_update_and_see_no_5xx()
    {
        var api = await fixture.GetAsync();
        var id = await api.OrderAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            api.PutAsync($"/orders/{id}/lines", new[] { new { sku = Given.Sku, quantity = i + 1 } })));

        var changed = answers.Count(answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.InRange(changed, 1, 50);
        Assert.Equal(1 + changed, (await api.GetJsonAsync($"/orders/{id}")).GetProperty("version").GetInt64());
        Assert.Equal(1L + changed, await api.QueryAsync<long>("select count(*) from outbox where order_id = $1", id));
        foreach (var answer in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
            Assert.Equal("order.busy", await answer.ReadCodeAsync(HttpStatusCode.Conflict));
    }

    [SkippableFact]
    public async Task The_stored_traceparent_is_the_requests()
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
