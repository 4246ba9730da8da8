using System.Globalization;
using Shop.LocalServers.Machines;

namespace Shop.Testing;

/// <summary>A place and ports for one shop of a test's own.</summary>
public sealed class ShopFolder : IDisposable
{
    private const int FirstPort = 5_000;
    private const int Ports = 5_000;
    private static int _ports = Random.Shared.Next(Ports / 8) * 8;

    // Not a private folder: PostgreSQL is another user where the tests run as root.
    public string Path { get; } =
        System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"shop-{Guid.CreateVersion7():N}");

    public int PortBase { get; } = FreePorts();

    public string[] Arguments =>
    [
        "--servers", "processes", "--data", Path, "--orders", "0",
        "--port-base", PortBase.ToString(CultureInfo.InvariantCulture),
    ];

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }

    // Eight in a row, below those that servers get, and never the same twice in a process.
    private static int FreePorts()
    {
        while (true)
        {
            var first = FirstPort + (int)((uint)Interlocked.Add(ref _ports, 8) % Ports);
            if (Enumerable.Range(first, 8).All(FreePort.IsFree))
                return first;
        }
    }
}
