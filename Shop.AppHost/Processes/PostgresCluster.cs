using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>The data directory of one PostgreSQL instance: made on the first start, checked on every one.</summary>
internal sealed partial class PostgresCluster(
    string directory, string database, PostgresBinaries binaries, UnprivilegedUser user)
{
    public const string Superuser = "postgres";
    private static readonly TimeSpan ForTheLastOneToEnd = TimeSpan.FromSeconds(10);

    private string PidFile => Path.Combine(directory, "postmaster.pid");

    public async Task PrepareAsync(string password, ILogger logger, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
        {
            Log.Initialising(logger, binaries.Version, directory);
            await CreateAsync(password, cancellationToken);
        }

        await MustBeUnusedAsync(cancellationToken);
    }

    // Made under another name: a start that is cut short leaves nothing that looks like a database.
    private async Task CreateAsync(string password, CancellationToken cancellationToken)
    {
        var unfinished = directory + ".new";
        var passwordFile = directory + ".password";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        Directory.CreateDirectory(unfinished);
        await user.OwnAsync(unfinished, cancellationToken);
        File.Delete(passwordFile);
        await using (var file = new FileStream(passwordFile, NewFile()))
        await using (var writer = new StreamWriter(file))
        {
            await writer.WriteAsync(password);
        }

        await user.OwnAsync(passwordFile, cancellationToken);
        try
        {
            await RunAsync(
                user.Command([binaries.InitDb, .. InitDbArguments(unfinished, passwordFile)]), "", cancellationToken);
            await RunAsync(
                user.Command(binaries.Postgres, "--single", "-D", unfinished, Superuser),
                $"CREATE DATABASE {database}\n",
                cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(unfinished, directory);
    }

    private static FileStreamOptions NewFile()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private string[] InitDbArguments(string into, string passwordFile) =>
    [
        "-D", into, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "--encoding=UTF8", .. Locale(),
        // The system writes the new files out within seconds; nothing of value is in them yet.
        "--no-sync", "--no-instructions",
    ];

    // Letters of every language are letters, for full-text and trigram search, and texts sort alike everywhere.
    private string[] Locale() =>
        binaries.Version >= 17 ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        : OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"]
        : OperatingSystem.IsMacOS() ? ["--locale=en_US.UTF-8"]
        : ["--locale=C"];

    private static async Task RunAsync(string[] command, string input, CancellationToken cancellationToken)
    {
        var result = await LocalProcess.RunAsync(command, input, cancellationToken);
        if (!result.Succeeded)
        {
            throw new HostException($"{string.Join(' ', command)} failed: {result.Output}");
        }
    }

    public void MustBeOfThisVersion()
    {
        var file = Path.Combine(directory, "PG_VERSION");
        var version = File.Exists(file) ? File.ReadAllText(file).Trim() : null;
        if (version is not null && version != binaries.Version.ToString(CultureInfo.InvariantCulture))
        {
            throw new HostException($"""
                The data in {directory} are of PostgreSQL {version},
                the server in {binaries.Directory} is {binaries.Version}.
                Name the folder of the other one in {PostgresBinaries.Setting}, or start empty: --reset.
                """);
        }
    }

    private async Task MustBeUnusedAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (Postmaster() is { } pid)
        {
            if (waited.Elapsed > ForTheLastOneToEnd)
            {
                throw new HostException($"PostgreSQL already runs on {directory}, as process {pid}. Stop that first.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        // What a killed server left. PostgreSQL would refuse to start if its process id is another program's by now.
        File.Delete(PidFile);
    }

    /// <summary>The process that serves this directory, if any.</summary>
    private int? Postmaster()
    {
        if (!File.Exists(PidFile) || !int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), out var pid))
        {
            return null;
        }

        if (OperatingSystem.IsLinux())
        {
            var commandLine = $"/proc/{pid}/cmdline";
            var serves = File.Exists(commandLine)
                && File.ReadAllText(commandLine).Contains(directory, StringComparison.Ordinal);
            return serves ? pid : null;
        }

        var runs = Process.GetProcesses()
            .Any(p => p.Id == pid && p.ProcessName.StartsWith("postgres", StringComparison.Ordinal));
        return runs ? pid : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Initialising PostgreSQL {Version} in {Directory}")]
        public static partial void Initialising(ILogger logger, int version, string directory);
    }
}
