using System.Net;
using System.Text.Json;

namespace Shop.WriteApi.Tests.Orders;

/// <summary>What the service remembers of customers and catalogue never gets into an order once it is out of date.</summary>
public sealed class CatalogueRaceTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [SkippableFact]
    public async Task What_others_changed_in_the_database_is_in_the_next_order()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync("Ada Lovelace");
        await PutProductAsync(api, "R-1", price: 100);
        await PlaceAsync(api, customer, "R-1");
        await api.ExecuteAsync("update products set price = 250, name = 'By hand' where sku = 'R-1'");
        var order = await PlaceAsync(api, customer, "R-1");
        Assert.Equal(250, UnitPrice(order));
        Assert.Equal("By hand", order.GetProperty("lines")[0].GetProperty("name").GetString());

        await api.ExecuteAsync($"update customers set name = 'Ada King' where id = '{customer}'");
        order = await PlaceAsync(api, customer, "R-1");
        Assert.Equal("Ada King", order.GetProperty("customer").GetProperty("name").GetString());
    }

    [SkippableFact]
    public async Task An_order_has_the_price_of_its_moment_while_the_price_keeps_rising()
    {
        var api = await fixture.GetAsync();
        var customer = await api.CustomerAsync();
        await PutProductAsync(api, "R-2", price: 1);
        var (committed, begun) = (1L, 1L);
        using var stop = new CancellationTokenSource();
        var rising = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var next = Interlocked.Increment(ref begun);
                await api.ExecuteAsync($"update products set price = {next}, version = version + 1 where sku = 'R-2'");
                Interlocked.Exchange(ref committed, next);
                await Task.Delay(TimeSpan.FromMilliseconds(5));
            }
        });

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var least = Interlocked.Read(ref committed);
            var response = await api.PostAsync("/orders", Given.Order(customer, 1, "R-2"));
            var most = Interlocked.Read(ref begun);
            if (response.StatusCode == HttpStatusCode.Conflict)
                return; // The price rose between each look and its insert.
            var receipt = await response.ReadAsync(HttpStatusCode.Created);
            Assert.InRange(receipt.GetProperty("total").GetProperty("amount").GetInt64(), least, most);
        });
        await stop.CancelAsync();
        await rising;

        var order = await PlaceAsync(api, customer, "R-2");
        Assert.Equal(committed, UnitPrice(order));
    }

    private static long UnitPrice(JsonElement order) =>
        order.GetProperty("lines")[0].GetProperty("unitPrice").GetProperty("amount").GetInt64();

    private static async Task PutProductAsync(WriteApi api, string sku, long price)
    {
        var product = new { name = "A product", category = "Test", price = new { amount = price, currency = "EUR" } };
        await (await api.PutAsync($"/products/{sku}", product)).ReadAsync(HttpStatusCode.Created);
    }

    private static async Task<JsonElement> PlaceAsync(WriteApi api, Guid customer, string sku)
    {
        var response = await api.PostAsync("/orders", Given.Order(customer, 1, sku));
        var id = (await response.ReadAsync(HttpStatusCode.Created)).GetProperty("id").GetGuid();
        return await api.GetJsonAsync($"/orders/{id}");
    }
}
