using System.Net;
using System.Net.Sockets;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class HostErrorTests
{
    [Theory]
    [InlineData("--servers", "cloud", "--servers must be 'containers' or 'processes', but is 'cloud'")]
    [InlineData("--orders", "many", "--orders must be a number from 0 to 1000000, but is 'many'")]
    [InlineData("--port-base", "80", "--port-base must be a number from 1024 to 65529, but is '80'")]
    public async Task A_wrong_value_is_refused_with_what_is_allowed(string argument, string value, string expected)
    {
        await using var host = HostProcess.Start([argument, value]);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(expected, host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var folder = new ShopFolder();
        using var other = new TcpListener(IPAddress.Loopback, folder.PortBase + 2);
        other.Start();
        await using var host = HostProcess.Start(folder.Arguments);

        Assert.Equal(1, await host.ExitAsync());
        Assert.Contains(
            $"Port {folder.PortBase + 2}, for the read API,", host.Output, StringComparison.Ordinal);
    }
}
