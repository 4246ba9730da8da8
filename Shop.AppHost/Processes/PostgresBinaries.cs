using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>The folder of <c>initdb</c> and <c>postgres</c>, and their major version.</summary>
internal sealed partial record PostgresBinaries(string Directory, int Version)
{
    public const string Setting = "SHOP_POSTGRES_BIN";
    private const int Oldest = 15;
    private static readonly string Suffix = OperatingSystem.IsWindows() ? ".exe" : "";

    public string InitDb => Path.Combine(Directory, "initdb" + Suffix);

    public string Postgres => Path.Combine(Directory, "postgres" + Suffix);

    public static async Task<PostgresBinaries> FindAsync(IConfiguration configuration, string root)
    {
        if (configuration[Setting] is { Length: > 0 } given)
        {
            return await ProbeAsync(given)
                ?? throw new HostException($"{Setting}: there is no PostgreSQL {Oldest} or later in {given}.");
        }

        foreach (var folder in FoldersOnPath().Concat(UsualFolders()).Append(EmbeddedPostgres.Folder(root)))
        {
            if (await ProbeAsync(folder) is { } found)
            {
                return found;
            }
        }

        var failure = await EmbeddedPostgres.FetchAsync(root);
        return await ProbeAsync(EmbeddedPostgres.Folder(root)) ?? throw new HostException($"""
            No PostgreSQL {Oldest} or later was found on this machine, and none could be fetched: {failure}
            Either install the server (on Debian: apt install postgresql),
            or name the folder of initdb and postgres in {Setting}.
            """);
    }

    private static string[] FoldersOnPath() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

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
        {
            return null;
        }

        var answer = await LocalProcess.TryAsync(TimeSpan.FromSeconds(10), candidate.Postgres, "--version");
        var version = answer.Succeeded ? Number(answer.Output) : 0;
        return version < Oldest ? null : candidate with { Version = version };
    }

    private static int Number(string text) =>
        FirstNumber().Match(text) is { Success: true } match ? int.Parse(match.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("[0-9]+")]
    private static partial Regex FirstNumber();
}
