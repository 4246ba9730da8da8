using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

/// <summary>Adds the servers and services of the shop to the application model.</summary>
internal sealed class ShopBuilder(IDistributedApplicationBuilder builder, ShopOptions options, IServers servers)
{
    public ShopPorts Ports => options.Ports;

    public int ProjectorReplicas => options.ProjectorReplicas;

    public int SampleOrders => options.SampleOrders;

    public IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name) =>
        Given(name) ?? servers.AddDatabase(name);

    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name) =>
        Given(name) ?? servers.AddKafka(name);

    public IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name) =>
        Given(name) ?? servers.AddElasticsearch(name);

    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name) =>
        Given(name) ?? servers.AddRedis(name);

    public IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port, int replicas = 1)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name)
            .WithReplicas(replicas)
            // Replicas share a port through the orchestrator's proxy, which adds latency. A single instance needs none.
            .WithHttpEndpoint(port: port, targetPort: replicas == 1 ? port : null, isProxied: replicas > 1)
            // Plain HTTP on loopback: otherwise the dashboard asks the user to trust a development certificate.
            .WithoutHttpsCertificate()
            .WithHttpHealthCheck("/health/ready")
            .WithTelemetryOfHost()
            .WithOneMachineTuning()
            .RunAsBuilt();

    private IResourceBuilder<IResourceWithConnectionString>? Given(string name) =>
        builder.Configuration.GetConnectionString(name) is { Length: > 0 } ? builder.AddConnectionString(name) : null;
}
