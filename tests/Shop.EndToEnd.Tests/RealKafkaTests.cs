using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

public sealed class RealKafkaTests
{
    [SkippableFact]
    public async Task The_same_services_run_against_a_real_Kafka()
    {
        Skip.If(GivenServers.Kafka is null, "No real Kafka: set ConnectionStrings__kafka to its address, such as localhost:9092.");
        await using var shop = await ShopApplication.StartAsync($"--ConnectionStrings:kafka={GivenServers.Kafka}");
        var customer = await shop.Client.RegisterAsync();
        using var placed = await shop.Client.PlaceAsync(customer, await shop.Client.AnySkuAsync());
        var receipt = await ShopClient.ReadReceiptAsync(placed);
        await shop.Client.PayAsync(receipt.Id);

        var found = await Eventually.GetAsync(
            () => shop.Client.FindAsync(receipt with { Version = 2 }),
            order => order is not null,
            "The order is found");

        Assert.Equal("paid", found!.Value.GetProperty("status").GetString());
    }
}
