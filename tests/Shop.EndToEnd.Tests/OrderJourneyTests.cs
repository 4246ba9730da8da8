using Shop.EndToEnd.Tests.Hosting;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class OrderJourneyTests(ShopFixture fixture)
{
    private readonly ShopClient _client = fixture.Shop.Client;

    [Fact]
    public async Task An_order_placed_and_paid_is_found_by_its_words_in_the_version_that_was_answered()
    {
        var customer = await _client.RegisterAsync();
        var word = $"w{Guid.CreateVersion7():N}";
        using var placed = await _client.PlaceAsync(
            customer, await _client.AnySkuAsync(), $"Leave it {word} at the door");
        var receipt = await ShopClient.ReadReceiptAsync(placed);
        var paid = await _client.PayAsync(receipt.Id);

        var found = await _client.SearchAsync(
            $"q=duc+muller+strasse+{word}&waitFor={receipt.Id}:{paid.GetProperty("version").GetInt64()}");

        var item = Assert.Single(found.GetProperty("items").EnumerateArray());
        Assert.Equal(receipt.Id, item.GetProperty("id").GetGuid());
        Assert.Equal("paid", item.GetProperty("status").GetString());
        Assert.Equal(2, item.GetProperty("version").GetInt64());
    }
}
