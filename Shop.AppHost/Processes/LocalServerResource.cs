using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.LocalServers;

namespace Shop.AppHost.Processes;

/// <summary>A server that runs as a process on this machine.</summary>
internal sealed class LocalServerResource(LocalServer server, string directory)
    : ExecutableResource(server.Name, server.Command.Line[0], directory), IResourceWithConnectionString
{
    private bool _isPreparing;

    /// <summary>What the preparation of the server waits for; null if it is not being prepared.</summary>
    public string? Preparation =>
        _isPreparing ? server.Awaited ?? $"{Name} is being prepared in {server.Directory}." : null;

    public ReferenceExpression ConnectionStringExpression { get; } =
        ReferenceExpression.Create($"{server.ConnectionString}");

    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        _isPreparing = true;
        try
        {
            await server.PrepareAsync(cancellationToken);
        }
        finally
        {
            _isPreparing = false;
        }
    }
}

internal static class LocalServerResourceExtensions
{
    public static IResourceBuilder<LocalServerResource> AddLocalServer(
        this IDistributedApplicationBuilder builder, LocalServer server, string directory)
    {
        var health = $"{server.Name}-connects";
        builder.Services.AddHealthChecks().AddCheck(health, server.ConnectAsync);
        var command = server.Command;
        var resource = builder.AddResource(new LocalServerResource(server, directory))
            .WithArgs([.. command.Line.Skip(1)])
            .WithEndpoint(port: server.Port, targetPort: server.Port, scheme: "tcp", name: "tcp", isProxied: false)
            .WithHealthCheck(health)
            .OnBeforeResourceStarted((starting, _, cancellationToken) => starting.PrepareAsync(cancellationToken));
        foreach (var (name, value) in command.Environment ?? new Dictionary<string, string>())
        {
            resource.WithEnvironment(name, value);
        }

        return resource;
    }

    /// <summary>Healthy if a client can connect. The connection attempt throws otherwise.</summary>
    public static void AddCheck(
        this IHealthChecksBuilder checks, string name, Func<CancellationToken, Task> connect) =>
        checks.AddAsyncCheck(name, async cancellationToken =>
        {
            try
            {
                await connect(cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                return HealthCheckResult.Unhealthy(e.Message);
            }
        });
}
