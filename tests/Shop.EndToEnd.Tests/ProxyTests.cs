using System.Net;
using System.Net.Sockets;
using Shop.EndToEnd.Tests.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests;

public sealed class ProxyTests
{
    [Fact]
    public async Task A_proxy_that_never_responds_does_not_keep_the_shop_from_working()
    {
        using var folder = new ShopFolder();
        using var proxy = new TcpListener(IPAddress.Loopback, 0);
        proxy.Start();
        var address = $"http://{proxy.LocalEndpoint}";
        await using var host = await HostProcess.StartReadyAsync(
            folder.Arguments,
            ("HTTP_PROXY", address), ("HTTPS_PROXY", address), ("ALL_PROXY", address),
            ("http_proxy", address), ("https_proxy", address), ("no_proxy", null), ("NO_PROXY", "example.org"));

        using var client = new ShopClient(folder.PortBase);
        var receipt = await client.PlaceForSureAsync(await client.RegisterAsync(), await client.AnySkuAsync());
        await Eventually.GetAsync(() => client.FindAsync(receipt), found => found is not null, "The order is found");
        await host.StopAsync();

        Assert.False(proxy.Pending(), "A request to this machine went to the proxy.");
    }
}
