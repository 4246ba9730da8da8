using System.Diagnostics;
using System.Runtime.InteropServices;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Hosting;

/// <summary>A service as it is deployed: published for this machine, compiled ahead.</summary>
internal static class PublishedService
{
    /// <returns>The program.</returns>
    public static async Task<string> MakeAsync(string project, CancellationToken cancellationToken)
    {
        if (new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name != "Release")
            throw new InvalidOperationException("Benchmarks need a release build: dotnet run -c Release --project bench");
        var system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux";
        var runtime = $"{system}-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();
        var output = Path.Combine(Checkout.Root, "artifacts", "bench", project);
        using var publish = Process.Start(new ProcessStartInfo(
            "dotnet",
            [
                "publish", project, "-c", "Release", "-r", runtime, "--no-self-contained", "-o", output, "-v", "quiet",
                // The projects' own lock files are not for one kind of machine.
                "-p:NuGetLockFilePath=obj/publish.lock.json",
            ])
        {
            WorkingDirectory = Checkout.Root,
        })!;
        await publish.WaitForExitAsync(cancellationToken);
        return publish.ExitCode == 0
            ? Path.Combine(output, OperatingSystem.IsWindows() ? $"{project}.exe" : project)
            : throw new InvalidOperationException($"{project} could not be published. See the output of dotnet publish above.");
    }
}
