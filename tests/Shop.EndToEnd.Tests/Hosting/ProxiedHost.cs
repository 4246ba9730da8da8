using System.Net;
using System.Net.Sockets;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>A host with a proxy that never responds, for the tests that leave it running.</summary>
public sealed class ProxiedHost : IAsyncLifetime, IDisposable
{
    internal const string DashboardToken = "0123456789abcdef0123456789abcdef";

    private readonly ShopFolder _folder = new();
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);

    internal HostProcess Host { get; private set; } = null!;

    internal int PortBase => _folder.PortBase;

    /// <summary>Whether anything has connected to the proxy.</summary>
    internal bool IsProxyUsed => _proxy.Pending();

    public async Task InitializeAsync()
    {
        _proxy.Start();
        var address = $"http://{_proxy.LocalEndpoint}";
        Host = await HostProcess.StartReadyAsync(
            _folder.Arguments,
            ("ASPIRE_DASHBOARD_FRONTEND_BROWSERTOKEN", DashboardToken),
            ("HTTP_PROXY", address), ("HTTPS_PROXY", address), ("ALL_PROXY", address),
            ("http_proxy", address), ("https_proxy", address), ("no_proxy", null), ("NO_PROXY", "example.org"));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    public void Dispose()
    {
        _proxy.Dispose();
        _folder.Dispose();
    }
}

[CollectionDefinition(nameof(ProxiedHost))]
public sealed class ProxiedHostGroup : ICollectionFixture<ProxiedHost>;
