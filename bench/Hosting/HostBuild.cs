using System.Diagnostics;
using Shop.LocalServers.Machines;

namespace Shop.Bench.Hosting;

internal static class HostBuild
{
    /// <summary>Builds the host and the services for the measurement.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        if (new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name != "Release")
            throw new InvalidOperationException("Benchmarks need a release build: dotnet run -c Release --project bench");
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", "-c", "Release", "Shop.AppHost", "-v", "quiet"])
        {
            WorkingDirectory = Checkout.Root,
        })!;
        await build.WaitForExitAsync(cancellationToken);
        if (build.ExitCode != 0)
            throw new InvalidOperationException("The build of the host failed. See the output of dotnet build above.");
    }
}
