using System.Net;
using System.Net.Sockets;
using Shop.AppHost.Hosting;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class ShopPortsTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Each_port_taken_on_either_address_family_is_named_with_what_it_is_for(string address)
    {
        using var folder = new ShopFolder();
        var ports = new ShopPorts(folder.PortBase);
        await ports.MustBeFreeAsync(TimeSpan.Zero);
        string[] uses =
        [
            "the dashboard", "the write API", "the read API", "the projector", "telemetry over gRPC",
            "telemetry over HTTP", "the dashboard's resource service", "the sign-in",
        ];
        foreach (var (index, use) in uses.Index())
        {
            using var other = new TcpListener(IPAddress.Parse(address), folder.PortBase + index);
            other.Start();

            var refused = await Assert.ThrowsAsync<HostException>(() => ports.MustBeFreeAsync(TimeSpan.Zero));

            Assert.StartsWith($"Port {folder.PortBase + index} is taken by ", refused.Message, StringComparison.Ordinal);
            Assert.Contains($"It is for {use}.", refused.Message, StringComparison.Ordinal);
        }
    }
}
