using System.Diagnostics;

namespace Shop.Bench.Hosting;

internal static class HostBuild
{
    /// <summary>Builds the host and the services as they are measured.</summary>
    public static async Task RunAsync(CancellationToken cancellationToken)
    {
        using var build = Process.Start(new ProcessStartInfo("dotnet", ["build", "-c", "Release", "Shop.AppHost", "-v", "quiet"])
        {
            WorkingDirectory = Repository.Root,
        })!;
        await build.WaitForExitAsync(cancellationToken);
        if (build.ExitCode != 0)
            throw new InvalidOperationException("The host does not build; what dotnet build said is above.");
    }
}
