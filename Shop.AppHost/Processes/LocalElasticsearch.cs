using System.Globalization;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>One Elasticsearch node without security on loopback, as a process of this machine.</summary>
internal sealed class LocalElasticsearch(string name, string command, string directory, int port)
    : ExecutableResource(name, command, directory), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create(
        $"{string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")}");
}

internal static class LocalElasticsearchExtensions
{
    /// <summary>Names an unpacked Elasticsearch.</summary>
    public const string Setting = "ES_HOME";

    public static IResourceBuilder<LocalElasticsearch> AddLocalElasticsearch(
        this IDistributedApplicationBuilder builder,
        string name,
        string home,
        DataDirectory data,
        UnprivilegedUser user)
    {
        var port = Loopback.FreePort();
        var node = new ElasticsearchNode(home, data[name], user);
        var command = node.Command;
        return builder.AddResource(new LocalElasticsearch(name, command[0], data.Path, port))
            .WithArgs([.. command.Skip(1)])
            .WithEnvironment("ES_HOME", home)
            .WithEnvironment("ES_PATH_CONF", node.Configuration)
            .WithEnvironment("ES_TMPDIR", node.Temporary)
            .WithEnvironment("ES_JAVA_HOME", JavaHome.Find(home, builder.Configuration))
            // Without a limit it takes half of the machine's memory.
            .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .WithHttpEndpoint(port: port, targetPort: port, name: "http", isProxied: false)
            .WithHttpHealthCheck("/_cluster/health?wait_for_status=yellow&timeout=1s", endpointName: "http")
            .OnBeforeResourceStarted((_, _, cancellationToken) => node.PrepareAsync(port, cancellationToken));
    }
}
