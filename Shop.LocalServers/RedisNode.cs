using System.Net.Sockets;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>Redis: redis-server if it is installed, otherwise Microsoft Garnet, which has the same protocol.</summary>
/// <param name="isDurable">Whether data are kept across restarts.</param>
public sealed class RedisNode(string name, string directory, Machine machine, bool isDurable = false)
    : LocalServer(name, directory)
{
    private readonly string? _installed = machine.FindProgram("redis-server");

    /// <summary>Text for the console, such as "Redis in /usr/bin/redis-server".</summary>
    public string Description => _installed is null ? "Garnet" : $"Redis in {_installed}";

    public override string ConnectionString => Address;

    public override ServerCommand Command =>
        new(_installed is null ? Garnet() : [_installed, "--port", $"{Port}", .. RedisArguments()]);

    public override Task PrepareAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Task.CompletedTask;
    }

    public override async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
    }

    private string[] RedisArguments() =>
    [
        "--bind", "127.0.0.1", "--dir", Directory, "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru",
        .. isDurable ? (string[])["--save", "3600", "1"] : ["--save", ""],
    ];

    private string[] Garnet() =>
    [
        Checkout.Program("Shop.LocalServers"), "garnet", "--bind", "127.0.0.1", "--port", $"{Port}", "--lua", "-q",
        // The native device needs libaio, which is missing on many machines.
        "--memory", "128m", "--index", "8m", "--checkpointdir", Directory, "--device-type", "RandomAccess",
        .. isDurable ? (string[])["--aof", "--aof-memory", "64m", "--recover"] : [],
    ];
}
