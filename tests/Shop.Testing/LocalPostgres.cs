using System.Diagnostics;
using Npgsql;

namespace Shop.Testing;

/// <summary>PostgreSQL from binaries: a throw-away instance that can be killed and started again.</summary>
public sealed class LocalPostgres : IAsyncDisposable
{
    // Nothing here outlives the run, so durability is switched off; a killed server still recovers from its WAL.
    private static readonly string[] Settings =
    [
        "wal_level=logical", "fsync=off", "max_connections=300", "max_wal_senders=50", "max_replication_slots=50",
        "listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_sender_timeout=5s",
    ];

    private readonly string _binaries;
    private readonly string _directory;
    private readonly int _port = FreePort.Next();
    private ChildProcess? _process;

    private LocalPostgres(string binaries, string directory)
    {
        _binaries = binaries;
        _directory = directory;
    }

    public string ConnectionString =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Password=postgres;Database=postgres;Include Error Detail=true";

    public static string? FindBinaries()
    {
        var given = Environment.GetEnvironmentVariable("SHOP_POSTGRES_BIN");
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator) ?? [];
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order().Reverse().Select(version => $"{version}/bin")
            : [];
        return new[] { given }.Concat(path).Concat(debian)
            .FirstOrDefault(folder => !string.IsNullOrEmpty(folder) && File.Exists(Path.Combine(folder, "initdb")));
    }

    /// <summary>Starts an instance that ends with the test run.</summary>
    internal static async Task<string> StartForRunAsync(string binaries)
    {
        var server = await CreateAsync(binaries);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server.ConnectionString;
    }

    /// <summary>Starts an instance of the caller's own, for tests that kill it.</summary>
    public static async Task<LocalPostgres> CreateAsync(string binaries)
    {
        var directory = Directory.CreateTempSubdirectory("shop-postgres-").FullName;
        var server = new LocalPostgres(binaries, directory);
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", "nobody:nogroup", directory);
        var passwords = Path.Combine(directory, "password");
        await File.WriteAllTextAsync(passwords, "postgres");
        await RunAsync(Unprivileged(Path.Combine(binaries, "initdb"), "-D", server.Data, "-U", "postgres", "-A",
            "scram-sha-256", "--pwfile", passwords, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"));
        await server.StartAsync();
        return server;
    }

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Starts the server again on the same port with the same data.</summary>
    public async Task StartAsync()
    {
        var arguments = new List<string> { Path.Combine(_binaries, "postgres"), "-D", Data, "-p", $"{_port}" };
        foreach (var setting in Settings)
            arguments.AddRange(["-c", setting]);
        _process = ChildProcess.Start(Unprivileged([.. arguments]), Path.Combine(_directory, "log"));
        await Eventually.HoldsAsync(AnswersAsync, $"PostgreSQL in {_directory} answers", TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends the server at once, as a crash would: no checkpoint, no goodbye.</summary>
    public async Task KillAsync()
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        using var process = Process.GetProcessById(int.Parse(postmaster, null));
        process.Kill();
        await StopAsync();
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
            throw new InvalidOperationException($"PostgreSQL ended; its log is {_directory}/log");
        try
        {
            await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false;Timeout=2");
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // PostgreSQL refuses to run as root.
    private static string[] Unprivileged(params string[] command) => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command]
        : command;

    private static async Task RunAsync(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await errors}{await output}");
    }
}
