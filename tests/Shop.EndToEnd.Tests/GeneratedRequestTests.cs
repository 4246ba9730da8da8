using System.Globalization;
using Shop.EndToEnd.Tests.Generated;
using Shop.EndToEnd.Tests.Hosting;
using Xunit.Abstractions;

namespace Shop.EndToEnd.Tests;

/// <summary>Many more of them: <c>SHOP_GENERATED_REQUESTS=50000</c>, and <c>SHOP_SEED</c> for others (docs/api.md).</summary>
[Collection(nameof(RunningShop))]
public sealed class GeneratedRequestTests(ShopFixture fixture, ITestOutputHelper output)
{
    [Fact]
    public Task No_generated_request_fails_and_accepted_values_come_back_as_given() => CheckAsync(fixture.Shop, output);

    internal static async Task CheckAsync(ShopApplication shop, ITestOutputHelper output)
    {
        using var requests = new GeneratedRequests(shop.PortBase, Setting("SHOP_SEED", 1));

        await requests.SendAsync(Setting("SHOP_GENERATED_REQUESTS", 500));
        await requests.CompareAsync();

        var statuses = requests.Statuses.OrderBy(status => status.Key).Select(status => $"{status.Value} of {status.Key}");
        output.WriteLine($"{string.Join(", ", statuses)}; {requests.Accepted} orders compared");
        Assert.Empty(requests.Failures.Take(20));
        Assert.NotEqual(0, requests.Accepted);
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : usual;
}

[Collection(nameof(ElasticsearchShop))]
public sealed class ElasticsearchGeneratedRequestTests(ElasticsearchShop fixture, ITestOutputHelper output)
{
    [SkippableFact]
    public async Task No_generated_request_fails_and_accepted_values_come_back_as_given_on_Elasticsearch()
    {
        var shop = await fixture.GetAsync();
        output.WriteLine($"Elasticsearch is {await shop.ConnectionStringAsync("elasticsearch")}");

        await GeneratedRequestTests.CheckAsync(shop, output);
    }
}
