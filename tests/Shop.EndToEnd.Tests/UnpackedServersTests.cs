using System.Net.Http.Json;
using System.Text.Json;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

public sealed class UnpackedServersTests
{
    [SkippableFact]
    public async Task The_host_runs_Kafka_and_Elasticsearch_itself_and_their_death_loses_no_order()
    {
        foreach (var (_, folder) in GivenServers.Homes)
            Skip.If(
                folder is null,
                "No Kafka or Elasticsearch for the host: set KAFKA_HOME and ES_HOME to the folders of unpacked ones.");
        await using var shop = await ShopApplication.StartAsync(
            [.. GivenServers.Homes.Select(home => $"--{home.Name}={home.Folder}")]);
        var customer = await shop.Client.RegisterAsync();
        var sku = await shop.Client.AnySkuAsync();
        var placed = new List<Receipt> { await shop.Client.PlaceForSureAsync(customer, sku) };
        await AreFoundAsync(shop, placed);
        Assert.Equal(1, await StoredVersionAsync(shop, placed[0].Id));

        var killed = new Dictionary<string, int>();
        foreach (var server in (string[])["kafka", "elasticsearch"])
            killed[server] = await shop.KillAsync(server);
        for (var i = 0; i < 20; i++)
            placed.Add(await shop.Client.PlaceForSureAsync(customer, sku));
        foreach (var (server, process) in killed)
            await shop.RunsAgainAsync(server, process);

        await AreFoundAsync(shop, placed);
    }

    private static async Task AreFoundAsync(ShopApplication shop, IEnumerable<Receipt> placed)
    {
        foreach (var receipt in placed)
            await Eventually.GetAsync(
                () => shop.Client.FindAsync(receipt), found => found is not null, $"Order {receipt.Number} is found",
                TimeSpan.FromSeconds(60));
    }

    // Asked of the server itself: the host has a PostgreSQL for the read side too.
    private static async Task<long> StoredVersionAsync(ShopApplication shop, Guid order)
    {
        using var client = new HttpClient();
        var document = await client.GetFromJsonAsync<JsonElement>(
            $"{await shop.ConnectionStringAsync("elasticsearch")}/orders/_doc/{order}");
        return document.GetProperty("_source").GetProperty("version").GetInt64();
    }
}
