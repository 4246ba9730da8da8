using System.IO.Compression;
using Microsoft.Playwright;
using Shop.LocalServers.Machines;

namespace Shop.EndToEnd.Tests.Hosting;

/// <summary>A browser: the machine's, one that Playwright has installed, or one from npm or Playwright's installer.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    // Without these Chromium asks the network for updates and more.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--headless",
    ];

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright) => await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = await FindAsync(playwright.Chromium.ExecutablePath),
        Args = Flags,
        Timeout = 60_000,
    });

    private static async Task<string> FindAsync(string installed)
    {
        var machine = Machine.OfEnvironment(Console.WriteLine);
        if (Names.Select(machine.FindProgram).FirstOrDefault(path => path is not null) is { } found)
            return found;
        if (!File.Exists(installed))
        {
            if (NodePackages.Platform == "linux-x64")
                return await UnpackAsync(await NodePackages.ChromiumAsync(machine));
            Microsoft.Playwright.Program.Main(["install", "chromium"]);
        }

        return installed;
    }

    private static async Task<string> UnpackAsync(string folder)
    {
        var program = Path.Combine(folder, "chromium");
        if (File.Exists(program))
            return program;

        var unfinished = $"{program}.{Environment.ProcessId}";
        await using (var packed = File.OpenRead(program + ".br"))
        await using (var brotli = new BrotliStream(packed, CompressionMode.Decompress))
        await using (var unpacked = File.Create(unfinished))
            await brotli.CopyToAsync(unpacked);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(unfinished, program, overwrite: true);
        return program;
    }
}
