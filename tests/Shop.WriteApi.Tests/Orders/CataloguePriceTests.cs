using System.Net;
using System.Text.Json;

namespace Shop.WriteApi.Tests.Orders;

/// <summary>An order has the customer's data and the catalogue's prices of the moment when it is placed.</summary>
public sealed class CataloguePriceTests(WriteApiFixture fixture) : IClassFixture<WriteApiFixture>
{
    [Fact]
    public async Task The_next_order_has_what_was_changed_in_the_database()
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

    [Fact]
    public async Task Orders_have_the_current_price_while_the_price_rises()
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

        var placed = 0;
        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, _) =>
        {
            var least = Interlocked.Read(ref committed);
            var response = await api.PostAsync("/orders", Given.Order(customer, 1, "R-2"));
            var most = Interlocked.Read(ref begun);
            var receipt = await response.ReadAsync(HttpStatusCode.Created);
            Interlocked.Increment(ref placed);
            Assert.InRange(receipt.GetProperty("total").GetProperty("amount").GetInt64(), least, most);
        });
        await stop.CancelAsync();
        await rising;
        Assert.Equal(100, placed);

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
