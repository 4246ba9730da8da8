using System.Text.Json;
using Shop.Testing;

namespace Shop.EndToEnd.Tests.AppHost;

/// <summary>Containers or processes, the services see the same servers by the same names.</summary>
public sealed class ManifestTests
{
    /// <summary>
    /// Names the manifest of another build, one with the container packages, for a feed that lacks them.
    /// </summary>
    private const string OfContainers = "SHOP_CONTAINER_MANIFEST";

    private static readonly (string Service, string[] Servers, (string Connection, string Role)[] Roles)[] Expected =
    [
        ("write-api", ["kafka"], [("orders", "commands"), ("relay", "relay")]),
        ("read-api", ["elasticsearch", "redis"], [("readdb", "reader")]),
        ("projector", ["elasticsearch", "kafka", "redis"], [("readdb", "projector")]),
        ("migrations", ["orders", "readdb"], []),
    ];

    [Fact]
    public async Task Processes_of_unpacked_servers_are_all_referred_to()
    {
        using var folder = new ShopFolder();
        using var home = new UnpackedHome(
            "libs/kafka-server-4.1.2.jar",
            $"bin/elasticsearch{(OperatingSystem.IsWindows() ? ".bat" : "")}",
            $"jdk/bin/{UnpackedHome.Program("java")}",
            UnpackedHome.Program("redis-server"));
        var manifest = Path.Combine(home.Path, "manifest.json");
        await using var host = HostProcess.Start(
            [.. folder.Arguments, "--publisher", "manifest", "--output-path", manifest],
            ("KAFKA_HOME", home.Path),
            ("ES_HOME", home.Path),
            ("PATH", $"{home.Path}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}"));
        Assert.True(await host.ExitAsync() == 0, host.Output);

        RefersToAllServers(manifest);
    }

    [Fact]
    public async Task Containers_are_all_referred_to_or_the_missing_packages_are_named()
    {
        using var folder = new ShopFolder();
        var manifest = Environment.GetEnvironmentVariable(OfContainers);
        if (manifest is null)
        {
            manifest = Path.Combine(folder.Path, "manifest.json");
            Directory.CreateDirectory(folder.Path);
            await using var host = HostProcess.Start(
                ["--servers", "containers", "--publisher", "manifest", "--output-path", manifest]);
            if (await host.ExitAsync() != 0)
            {
                Assert.Contains("--servers containers: this host was built without ", host.Output, StringComparison.Ordinal);
                Assert.Contains("delete artifacts/feed.props and build again", host.Output, StringComparison.Ordinal);
                return;
            }
        }

        RefersToAllServers(manifest);

        var elasticsearch = Resources(manifest).GetProperty("elasticsearch");
        var heap = elasticsearch.GetProperty("env").GetProperty("ES_JAVA_OPTS").GetString();
        Assert.Contains("-Xmx", heap, StringComparison.Ordinal);
        foreach (var server in (string[])["orders-server", "readdb-server", "kafka", "elasticsearch"])
            Assert.NotEmpty(Resources(manifest).GetProperty(server).GetProperty("volumes").EnumerateArray());
        var settings = Resources(manifest).GetProperty("orders-server").GetProperty("args").GetRawText();
        Assert.Contains("wal_level=logical", settings, StringComparison.Ordinal);
    }

    private static void RefersToAllServers(string manifest)
    {
        const string Prefix = "ConnectionStrings__";
        foreach (var (service, servers, roles) in Expected)
        {
            var connections = Resources(manifest).GetProperty(service).GetProperty("env").EnumerateObject()
                .Where(variable => variable.Name.StartsWith(Prefix, StringComparison.Ordinal))
                .ToDictionary(variable => variable.Name[Prefix.Length..], variable => variable.Value.GetString()!);
            Assert.Equal(
                servers.Concat(roles.Select(role => role.Connection)).Order(StringComparer.Ordinal),
                connections.Keys.Order(StringComparer.Ordinal));
            foreach (var server in servers)
                Assert.Equal($"{{{server}.connectionString}}", connections[server]);
            foreach (var (connection, role) in roles)
                Assert.Contains(
                    $";Username=shop_{role};Password={{{role}-password.value}};",
                    connections[connection], StringComparison.Ordinal);
        }
    }

    private static JsonElement Resources(string manifest) =>
        JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("resources");
}
