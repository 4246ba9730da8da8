using System.Net.Sockets;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>Redis: redis-server if it is installed, otherwise Microsoft Garnet, which has the same protocol.</summary>
/// <param name="isDurable">Whether data are kept across restarts.</param>
public sealed class RedisNode(string name, string directory, Machine machine, bool isDurable = false)
    : LocalServer(name, directory)
{
    /// <summary>The variable that tells our own Garnet its password.</summary>
    internal const string PasswordVariable = "SHOP_REDIS_PASSWORD";

    private readonly string? _installed = machine.FindProgram("redis-server");

    /// <summary>Text for the console, such as "Redis in /usr/bin/redis-server".</summary>
    public string Description => _installed is null ? "Garnet" : $"Redis in {_installed}";

    /// <summary>The password that clients need; null if they need none.</summary>
    public string? Password { get; init; }

    public override string ConnectionString => Password is null ? Address : $"{Address},password={Password}";

    // Everybody on the machine can read a command line.
    public override ServerCommand Command => _installed is { } program
        ? new([program, Configuration, "--port", $"{Port}", .. RedisArguments()])
        : new(Garnet(), Password is null ? null : new Dictionary<string, string> { [PasswordVariable] = Password });

    private string Configuration => Path.Combine(Directory, "redis.conf");

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                Directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await File.WriteAllTextAsync(
            Configuration, Password is null ? "" : $"requirepass {Password}\n", cancellationToken);
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
