using System.Text.Json;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

/// <summary>Containers or processes, the services see the same servers by the same names.</summary>
public sealed class ManifestTests
{
    private const string OfContainers = "SHOP_CONTAINER_MANIFEST";

    private static readonly (string Service, string[] Servers)[] Expected =
    [
        ("write-api", ["kafka", "orders"]),
        ("read-api", ["elasticsearch", "readdb", "redis"]),
        ("projector", ["elasticsearch", "kafka", "readdb", "redis"]),
    ];

    [Fact]
    public async Task This_build_refers_to_all_servers()
    {
        using var folder = new ShopFolder();
        var manifest = Path.Combine(Directory.CreateDirectory(folder.Path).FullName, "manifest.json");
        await using var host = HostProcess.Start(
            [
                "--publisher", "manifest", "--output-path", manifest, "--data", folder.Path,
                "--ConnectionStrings:elasticsearch=http://127.0.0.1:9200", "--ConnectionStrings:redis=127.0.0.1:6379",
            ]);
        Assert.True(await host.ExitAsync() == 0, host.Output);

        RefersToAllServers(manifest);
    }

    [SkippableFact]
    public void The_build_with_containers_refers_to_all_servers()
    {
        var manifest = Environment.GetEnvironmentVariable(OfContainers);
        Skip.If(manifest is null, $"{OfContainers} names no manifest of a build with the container packages.");

        RefersToAllServers(manifest);

        var elasticsearch = Resources(manifest).GetProperty("elasticsearch");
        Assert.Contains("-Xmx", elasticsearch.GetProperty("env").GetProperty("ES_JAVA_OPTS").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(elasticsearch.GetProperty("volumes").EnumerateArray());
        Assert.Contains(
            "wal_level=logical", Resources(manifest).GetProperty("orders-server").GetProperty("args").GetRawText(), StringComparison.Ordinal);
    }

    private static void RefersToAllServers(string manifest)
    {
        const string Prefix = "ConnectionStrings__";
        foreach (var (service, servers) in Expected)
            Assert.Equal(
                servers.Select(server => (Prefix + server, $"{{{server}.connectionString}}")),
                Resources(manifest).GetProperty(service).GetProperty("env").EnumerateObject()
                    .Where(variable => variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
                    .Select(variable => (variable.Name, variable.Value.GetString()!))
                    .Order());
    }

    private static JsonElement Resources(string manifest) =>
        JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("resources");
}
