using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

[Collection(nameof(ProxiedHost))]
public sealed class ProxyTests(ProxiedHost proxied)
{
    [Fact]
    public async Task A_proxy_that_never_responds_does_not_keep_the_shop_from_working()
    {
        using var client = new ShopClient(proxied.PortBase);
        var receipt = await client.PlaceForSureAsync(await client.RegisterAsync(), await client.AnySkuAsync());
        await Eventually.GetAsync(() => client.FindAsync(receipt), found => found is not null, "The order is found");

        Assert.False(proxied.IsProxyUsed, "A request to this machine went to the proxy.");
    }
}
