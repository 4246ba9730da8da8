using System.Net.Sockets;
using DotNet.Testcontainers.Builders;

namespace Shop.Testing;

/// <summary>
/// A Redis, one for a test run: the one that <c>ConnectionStrings__redis</c> names, else one started from the
/// <c>redis-server</c> of this machine, else a container; with none of them the test is skipped.
/// </summary>
public static class RedisServer
{
    private const ushort Port = 6379;

    private static readonly Lazy<Task<string?>> Shared = new(FindAsync);

    public static async Task<string> GetConnectionStringAsync()
    {
        var connectionString = await Shared.Value;
        Skip.If(connectionString is null, "No Redis: set ConnectionStrings__redis, install redis-server, start Docker.");
        return connectionString!;
    }

    private static async Task<string?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__redis") is { Length: > 0 } given)
            return given;
        if (LocalRedis.FindProgram() is not null)
        {
            var server = await LocalRedis.CreateAsync();
            AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return server.ConnectionString;
        }

        return await Docker.IsRunningAsync() ? await StartContainerAsync() : null;
    }

    private static async Task<string> StartContainerAsync()
    {
        var container = new ContainerBuilder("redis:8").WithPortBinding(Port, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilMessageIsLogged("Ready to accept connections"))
            .Build();
        await container.StartAsync();
        return $"{container.Hostname}:{container.GetMappedPublicPort(Port)}";
    }
}

/// <summary>Redis from the program of this machine: a throw-away instance that can be stopped and restarted.</summary>
public sealed class LocalRedis : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("shop-redis-").FullName;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private LocalRedis()
    {
    }

    public string ConnectionString => $"127.0.0.1:{_port}";

    public static string? FindProgram() => Environment.GetEnvironmentVariable("PATH")?
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "redis-server"))
        .FirstOrDefault(File.Exists);

    public static async Task<LocalRedis> CreateAsync()
    {
        var server = new LocalRedis();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts the server again on the same port, with the data that it saved when it was stopped.</summary>
    public async Task StartAsync()
    {
        _process = ChildProcess.Start(
            [FindProgram()!, "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _directory, "--save", "3600", "1"],
            Path.Combine(_directory, "log"));
        await Eventually.HoldsAsync(AnswersAsync, $"Redis in {_directory} answers");
    }

    public async Task StopAsync()
    {
        if (_process is { } process)
            await process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"Redis ended; its log is {_directory}/log");
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
