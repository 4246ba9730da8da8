using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Shop.AppHost.Hosting;

/// <summary>The seven ports of one running shop, from a base on.</summary>
internal sealed record ShopPorts(int Base)
{
    public const int DefaultBase = 5100;

    public int Dashboard => Base;
    public int WriteApi => Base + 1;
    public int ReadApi => Base + 2;
    public int Projector => Base + 3;
    public int OtlpGrpc => Base + 4;
    public int OtlpHttp => Base + 5;
    public int ResourceService => Base + 6;

    private (int Port, string Use)[] All =>
    [
        (Dashboard, "the dashboard"), (WriteApi, "the write API"), (ReadApi, "the read API"),
        (Projector, "the projector"), (OtlpGrpc, "telemetry over gRPC"), (OtlpHttp, "telemetry over HTTP"),
        (ResourceService, "the dashboard's resource service"),
    ];

    public async Task MustBeFreeAsync(TimeSpan patience)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < patience && !All.All(p => IsFree(p.Port)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        foreach (var (port, use) in All.Where(p => !IsFree(p.Port)))
        {
            throw new HostException(
                $"Port {port}, which is for {use}, is taken by another program. "
                + "Stop that, or move all ports: --port-base N.");
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException e) when (
            e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return false;
        }
    }
}
