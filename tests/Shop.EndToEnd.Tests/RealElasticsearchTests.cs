using System.Net.Http.Json;
using System.Text.Json;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(ElasticsearchShop))]
public sealed class RealElasticsearchTests(ElasticsearchShop fixture)
{
    [SkippableFact]
    public async Task An_order_comes_over_a_real_Kafka_into_a_real_Elasticsearch_and_is_found_there()
    {
        Skip.If(GivenServers.Kafka is null, "No real Kafka: set ConnectionStrings__kafka to its address, such as localhost:9092.");
        Skip.If(GivenServers.Elasticsearch is null, "No real Elasticsearch: set ConnectionStrings__elasticsearch to its URL.");
        var shop = await fixture.GetAsync();
        var customer = await shop.Client.RegisterAsync();
        var word = $"w{Guid.CreateVersion7():N}";
        using var placed = await shop.Client.PlaceAsync(
            customer, await shop.Client.AnySkuAsync(), $"Leave it {word} at the door");
        var receipt = await ShopClient.ReadReceiptAsync(placed);
        await shop.Client.PayAsync(receipt.Id);
        await Eventually.GetAsync(
            () => shop.Client.FindAsync(receipt with { Version = 2 }),
            order => order is not null,
            "The order is found");

        var found = await shop.Client.SearchAsync(
            $"q=duc+strasse+{word}&status=paid&facets=status&highlight=true&waitFor={receipt.Id}:2");

        var item = Assert.Single(found.GetProperty("items").EnumerateArray());
        Assert.Equal(receipt.Id, item.GetProperty("id").GetGuid());
        Assert.Contains($"<mark>{word}</mark>", item.GetProperty("highlights").GetRawText());
        var status = Assert.Single(found.GetProperty("facets").GetProperty("status").EnumerateArray());
        Assert.Equal("paid", status.GetProperty("value").GetString());
        Assert.Equal(2, await StoredVersionAsync(receipt.Id));
        await StatisticsAgreement.CheckAsync(shop, seed: 6);
    }

    // Asked of the server itself: the host has a PostgreSQL for the read side too.
    private static async Task<long> StoredVersionAsync(Guid order)
    {
        using var client = new HttpClient();
        var document = await client.GetFromJsonAsync<JsonElement>(
            $"{GivenServers.Elasticsearch}/orders/_doc/{order}");
        return document.GetProperty("_source").GetProperty("version").GetInt64();
    }
}
