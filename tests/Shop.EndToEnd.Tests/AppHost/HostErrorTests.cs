using System.Net;
using System.Net.Sockets;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class HostErrorTests
{
    [Theory]
    [InlineData("--servers", "cloud", "'containers' or 'processes', not 'cloud'")]
    [InlineData("--orders", "many", "--orders is a number from 0 to 1000000, not 'many'")]
    [InlineData("--port-base", "80", "--port-base is a number from 1024 to 65529, not '80'")]
    public async Task A_wrong_value_is_answered_with_what_is_allowed(string argument, string value, string expected)
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
            $"Port {folder.PortBase + 2}, which is for the read API", host.Output, StringComparison.Ordinal);
    }
}
