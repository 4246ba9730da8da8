using DotNet.Testcontainers.Builders;

namespace Shop.Testing;

/// <summary>
/// A real Elasticsearch without security, one for a test run: the one that <c>ConnectionStrings__elasticsearch</c>
/// names, else the one in <c>ES_HOME</c>, else a container. The test is skipped if there is none.
/// </summary>
public static class ElasticsearchServer
{
    private const ushort Port = 9200;

    private static readonly Lazy<Task<string?>> Shared = new(FindAsync);

    public static async Task<string> GetConnectionStringAsync()
    {
        var connectionString = await Shared.Value;
        Skip.If(connectionString is null,
            "No Elasticsearch: set ES_HOME to the folder of an unpacked Elasticsearch, or start Docker.");
        return connectionString!;
    }

    private static async Task<string?> FindAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch") is { Length: > 0 } given)
            return given;
        if (LocalElasticsearch.FindHome() is { } home)
        {
            var server = await LocalElasticsearch.CreateAsync(home);
            server.EndWithRun();
            return server.ConnectionString;
        }

        return await Docker.IsRunningAsync() ? await StartContainerAsync() : null;
    }

    private static async Task<string> StartContainerAsync()
    {
        var container = new ContainerBuilder("elasticsearch:9.5.3")
            .WithEnvironment("discovery.type", "single-node")
            .WithEnvironment("xpack.security.enabled", "false")
            .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .WithPortBinding(Port, assignRandomHostPort: true)
            .WithWaitStrategy(Wait.ForUnixContainer().UntilHttpRequestIsSucceeded(http => http.ForPort(Port)))
            .Build();
        await container.StartAsync();
        return $"http://{container.Hostname}:{container.GetMappedPublicPort(Port)}";
    }
}
