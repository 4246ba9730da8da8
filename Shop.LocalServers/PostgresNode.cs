using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>
/// A PostgreSQL instance with one database of the same name. Its directory is created on the first start.
/// </summary>
/// <param name="settings">Server settings in the form <c>name=value</c>.</param>
public sealed class PostgresNode(
    string name, string directory, PostgresBinaries binaries, ServerUser user, params string[] settings)
    : LocalServer(name, directory)
{
    private const string Superuser = "postgres";
    private static readonly TimeSpan OldProcessLimit = TimeSpan.FromSeconds(10);

    public string Password { get; init; } = "postgres";

    public override string ConnectionString =>
        $"Host=127.0.0.1;Port={Port};Username={Superuser};Password={Password};Database={Name}";

    public override ServerCommand Command => new(user.Command(
    [
        binaries.Postgres, "-D", Directory, "-p", $"{Port}",
        .. Settings(
        [
            "listen_addresses=127.0.0.1", "unix_socket_directories=", "wal_level=logical", .. settings,
        ]),
    ]));

    internal override string StopSignal => "INT"; // TERM waits for its clients.

    internal override string PidFile => Path.Combine(Directory, "postmaster.pid");

    /// <exception cref="LocalServerException">The directory contains data of another version.</exception>
    public void CheckVersion()
    {
        var file = Path.Combine(Directory, "PG_VERSION");
        var version = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (version is not null && version != binaries.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new LocalServerException($"""
                The data in {Directory} are of PostgreSQL {version}. The server in {binaries.Directory} is {binaries.Version}.
                Set {PostgresBinaries.Setting} to the folder of version {version}, or delete the data with --reset.
                """);
        }
    }

    public override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!System.IO.Directory.Exists(Directory))
            await CreateAsync(cancellationToken);
        await WaitForOldProcessAsync(cancellationToken);
    }

    public override async Task ConnectAsync(CancellationToken cancellationToken)
    {
        // A pooled connection would delay the server's shutdown.
        await using var connection = new NpgsqlConnection($"{ConnectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
    }

    // Created under a temporary name, so that an interrupted start leaves nothing that looks like a database.
    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        var unfinished = Directory + ".new";
        var passwordFile = Directory + ".password";
        if (System.IO.Directory.Exists(unfinished))
            System.IO.Directory.Delete(unfinished, recursive: true);
        System.IO.Directory.CreateDirectory(unfinished);
        await user.OwnAsync(unfinished);
        File.Delete(passwordFile);
        await using (var writer = new StreamWriter(passwordFile, OwnerOnly()))
            await writer.WriteAsync(Password);
        await user.OwnAsync(passwordFile);
        try
        {
            string[] initdb = [binaries.InitDb, .. InitDbArguments(unfinished, passwordFile)];
            await RunAsync(
                new(binaries.InitDb, PostgresBinaries.Setting), new(user.Command(initdb)), "", cancellationToken);
            string[] single = [binaries.Postgres, "--single", "-D", unfinished, Superuser];
            if (Name != Superuser)
                await RunAsync(
                    new(binaries.Postgres, PostgresBinaries.Setting), new(user.Command(single)),
                    $"CREATE DATABASE {Name}\n", cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        System.IO.Directory.Move(unfinished, Directory);
    }

    private static FileStreamOptions OwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return options;
    }

    private string[] InitDbArguments(string into, string passwordFile) =>
    [
        "-D", into, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", .. Locale(),
        // The new files hold no data yet, and the operating system writes them to disk within seconds.
        "--no-sync", "--no-instructions",
    ];

    // The same on every machine: letters of all languages count as letters in full-text and trigram search, and texts
    // are sorted by code point.
    private string[] Locale() =>
        binaries.Version >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        : OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"]
        : OperatingSystem.IsMacOS() ? ["--locale=en_US.UTF-8"]
        : ["--locale=C"];

    private async Task WaitForOldProcessAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (Postmaster() is { } pid)
        {
            if (waited.Elapsed > OldProcessLimit)
                throw new LocalServerException(
                    $"PostgreSQL already runs in {Directory}, as process {pid}. Stop it first.");

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        // A killed server leaves this file. PostgreSQL refuses to start if another program now has the process id in
        // it.
        File.Delete(PidFile);
    }

    /// <summary>The id of the PostgreSQL process that uses this directory, if any.</summary>
    private int? Postmaster()
    {
        if (!File.Exists(PidFile) || !int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out var pid))
            return null;

        if (OperatingSystem.IsLinux())
        {
            var commandLine = $"/proc/{pid}/cmdline";
            var serves = File.Exists(commandLine)
                && File.ReadAllText(commandLine).Contains(Directory, StringComparison.Ordinal);
            return serves ? pid : null;
        }

        var runs = Process.GetProcesses()
            .Any(p => p.Id == pid && p.ProcessName.StartsWith("postgres", StringComparison.Ordinal));
        return runs ? pid : null;
    }

    private static IEnumerable<string> Settings(IEnumerable<string> settings) =>
        settings.SelectMany(setting => new[] { "-c", setting });
}
