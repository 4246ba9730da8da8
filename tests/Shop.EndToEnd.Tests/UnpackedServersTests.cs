using System.Net;
using System.Net.Http.Json;
using System.Text;
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

    private static async Task KeysAreOfTheirServicesAsync(ShopApplication shop, string address, Guid order)
    {
        foreach (var (service, mayWrite) in ((string, bool)[])[("read-api", false), ("projector", true)])
        {
            var now = await shop.Resources.WaitForResourceAsync(service, _ => true);
            var key = now.Snapshot.EnvironmentVariables.Single(variable => variable.Name == "Elasticsearch__ApiKey").Value;
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Authorization = new("ApiKey", key);
            using var read = await client.GetAsync(new Uri($"{address}/orders/_doc/{order}"));
            Assert.Equal((service, HttpStatusCode.OK), (service, read.StatusCode));
            using var write = await client.DeleteAsync(new Uri($"{address}/orders/_doc/{Guid.CreateVersion7()}"));
            Assert.Equal(
                (service, mayWrite ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden), (service, write.StatusCode));
            using var other = await client.PutAsync(new Uri($"{address}/others"), content: null);
            Assert.Equal((service, HttpStatusCode.Forbidden), (service, other.StatusCode));
        }
    }

    // Asked of the server itself: the host has a PostgreSQL for the read side too.
    private static async Task<long> StoredVersionAsync(ShopApplication shop, Guid order)
    {
        var address = await shop.ConnectionStringAsync("elasticsearch");
        var password = await File.ReadAllTextAsync(Path.Combine(shop.Data, "elasticsearch.password"));
        using var client = new HttpClient();
        using (var anybody = await client.GetAsync(new Uri($"{address}/orders/_doc/{order}")))
            Assert.Equal(HttpStatusCode.Unauthorized, anybody.StatusCode);
        client.DefaultRequestHeaders.Authorization =
            new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"elastic:{password}")));
        var document = await client.GetFromJsonAsync<JsonElement>($"{address}/orders/_doc/{order}");
        await KeysAreOfTheirServicesAsync(shop, address!, order);
        return document.GetProperty("_source").GetProperty("version").GetInt64();
    }
}
