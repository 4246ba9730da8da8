using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Shop.EndToEnd.Tests.Hosting;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(RunningShop))]
public sealed class ImportFreshnessTests(ShopFixture fixture)
{
    private const int Orders = 2_500;
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ShopClient _client = fixture.Shop.Client;
    private readonly string _sku = $"F-{Guid.CreateVersion7():N}";
    private readonly ConcurrentQueue<DateTimeOffset> _answered = [];

    [Fact]
    public async Task During_an_import_no_freshness_is_reported_that_a_search_does_not_have()
    {
        var importing = ImportAsync();
        long visible = 0;
        for (var until = Now + Patience; visible < Orders && Now < until;)
        {
            await HealthIsTrueAsync();
            visible = await SearchIsTrueAsync();
        }

        await importing;
        Assert.Equal(Orders, visible);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private async Task ImportAsync()
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.Shop.PortBase + 1}") };
        using var body = new StringContent(
            string.Concat(Enumerable.Range(0, Orders).Select(Line)), Encoding.UTF8, "application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/import") { Content = body };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var outcomes = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await outcomes.ReadLineAsync() is { } outcome)
        {
            Assert.Contains("\"created\"", outcome, StringComparison.Ordinal);
            // It was committed before this moment.
            _answered.Enqueue(Now);
        }
    }

    /// <summary>Whoever says that commits before a moment are visible has the orders that were answered before it.</summary>
    private async Task<long> SearchIsTrueAsync()
    {
        var page = await _client.SearchAsync($"sku={_sku}&size=1");
        var visible = page.GetProperty("total").GetProperty("value").GetInt64();
        if (page.GetProperty("freshness").GetProperty("asOf") is { ValueKind: JsonValueKind.String } asOf)
            Assert.InRange(visible, AnsweredBefore(asOf.GetDateTimeOffset()), Orders);
        return visible;
    }

    private async Task HealthIsTrueAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{fixture.Shop.PortBase + 2}") };
        var before = Now;
        using var response = await http.GetAsync("/health/lag");
        var check = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("checks")[0];
        var lag = TimeSpan.FromSeconds(check.GetProperty("data").GetProperty("lagSeconds").GetDouble());
        Assert.Equal(lag <= MaxLag, response.StatusCode == HttpStatusCode.OK);
        var page = await _client.SearchAsync($"sku={_sku}&size=1");
        Assert.InRange(
            page.GetProperty("total").GetProperty("value").GetInt64(), AnsweredBefore(before - lag - Rounding), Orders);
    }

    private int AnsweredBefore(DateTimeOffset moment) => _answered.Count(answered => answered < moment);

    private string Line(int number)
    {
        var price = new { amount = 500, currency = "EUR" };
        return JsonSerializer.Serialize(new
        {
            key = $"{_sku}-{number.ToString(CultureInfo.InvariantCulture)}",
            customer = new { name = "Ada Lovelace", email = $"{_sku}@example.org", country = "DE" },
            lines = new[] { new { sku = _sku, name = "Desk lamp", category = "Lighting", quantity = 1, unitPrice = price } },
            shippingAddress = new
            {
                recipient = "Ada Lovelace",
                street = "Lange Straße 1",
                postalCode = "10115",
                city = "Berlin",
                country = "DE",
            },
            placedAt = "2025-03-04T05:06:07Z",
            status = "delivered",
        }) + "\n";
    }
}
