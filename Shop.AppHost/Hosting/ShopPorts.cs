using System.Diagnostics;
using Shop.LocalServers.Machines;

namespace Shop.AppHost.Hosting;

/// <summary>The eight consecutive ports of a running shop.</summary>
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
    public int SignIn => Base + 7;

    /// <summary>The address of the sample sign-in, which is also the issuer of its tokens.</summary>
    public string SignInAddress => $"http://localhost:{SignIn}/";

    private (int Port, string Use)[] All =>
    [
        (Dashboard, "the dashboard"), (WriteApi, "the write API"), (ReadApi, "the read API"),
        (Projector, "the projector"), (OtlpGrpc, "telemetry over gRPC"), (OtlpHttp, "telemetry over HTTP"),
        (ResourceService, "the dashboard's resource service"), (SignIn, "the sign-in"),
    ];

    public async Task MustBeFreeAsync(TimeSpan patience, CancellationToken cancellationToken = default)
    {
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < patience && !All.All(p => FreePort.IsFree(p.Port)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        foreach (var (port, use) in All.Where(p => !FreePort.IsFree(p.Port)))
        {
            throw new HostException(
                $"Port {port} is taken by {PortOwner.Describe(port)}. It is for {use}. "
                + "Stop that program, or move all ports with --port-base N.");
        }
    }
}
