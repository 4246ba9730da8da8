using System.Net.Http.Json;
using System.Text.Json;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class ErasureTests(ShopFixture fixture)
{
    private readonly ShopClient _client = fixture.Shop.Client;

    [Fact]
    public async Task An_erased_customer_is_found_nowhere()
    {
        var word = $"w{Guid.CreateVersion7():N}";
        var customer = await _client.RegisterAsync($"Ada {word}");
        using var placed = await _client.PlaceAsync(customer, await _client.AnySkuAsync(), $"Leave it {word} here");
        var receipt = await ShopClient.ReadReceiptAsync(placed);
        Assert.Single((await SearchAsync(word, $"{receipt.Id}:1")).EnumerateArray());
        using var http = new HttpClient();
        var (write, read, projector) = (Address(1), Address(2), Address(3));
        await Eventually.GetAsync(() => SuggestAsync(http, read, word), found => found == 1, "The customer is suggested");

        using var erased = await http.PostAsync($"{write}/customers/{customer}/erase", content: null);

        erased.EnsureSuccessStatusCode();
        await IsErasedAsync(http, $"{write}/customers/{customer}/erasure");
        await IsErasedAsync(http, $"{projector}/erasures/{customer}");
        Assert.Empty((await SearchAsync(word, $"{receipt.Id}:2")).EnumerateArray());
        var order = (await _client.FindAsync(receipt))!.Value;
        Assert.Equal(2, order.GetProperty("version").GetInt64());
        Assert.DoesNotContain(word, order.GetRawText());
        // The names become searchable a second after they were written.
        await Eventually.GetAsync(() => SuggestAsync(http, read, word), found => found == 0, "Nobody is suggested");
    }

    private static async Task<int> SuggestAsync(HttpClient http, string read, string word) =>
        (await http.GetFromJsonAsync<JsonElement>($"{read}/orders/suggest?q={word}")).GetProperty("suggestions").GetArrayLength();

    private string Address(int port) => $"http://127.0.0.1:{fixture.Shop.PortBase + port}";

    private async Task<JsonElement> SearchAsync(string word, string version) =>
        (await _client.SearchAsync($"q={word}&waitFor={version}&waitTimeoutMs=10000")).GetProperty("items");

    private static Task<JsonElement> IsErasedAsync(HttpClient http, string url) => Eventually.GetAsync(
        () => http.GetFromJsonAsync<JsonElement>(url),
        erasure => erasure.GetProperty("isErased").GetBoolean(),
        $"{url} says that nothing is left");
}
