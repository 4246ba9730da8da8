using System.Globalization;

namespace Shop.AppHost.Processes;

/// <summary>A Redis that keeps nothing over a restart, as a process of this machine.</summary>
internal sealed class LocalRedis(string name, string command, string directory, int port)
    : ExecutableResource(name, command, directory), IResourceWithConnectionString
{
    public ReferenceExpression ConnectionStringExpression { get; } = ReferenceExpression.Create(
        $"{string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")}");
}

internal static class LocalRedisExtensions
{
    public static IResourceBuilder<LocalRedis> AddLocalRedis(
        this IDistributedApplicationBuilder builder, string name, string program)
    {
        var port = Loopback.FreePort();
        return builder.AddResource(new LocalRedis(name, program, Path.GetTempPath(), port))
            .WithArgs("--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--maxmemory", "128mb")
            .WithArgs("--maxmemory-policy", "allkeys-lru")
            .WithEndpoint(port: port, targetPort: port, scheme: "tcp", name: "tcp", isProxied: false);
    }
}
