using Microsoft.Extensions.Configuration;

namespace Shop.AppHost.Hosting;

/// <summary>Adds the servers and services of the shop to the application model.</summary>
internal sealed class ShopBuilder(
    IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, IServers servers)
{
    private readonly RolePasswords _passwords = new(builder, data);

    public ShopPorts Ports => options.Ports;

    public int ProjectorReplicas => options.ProjectorReplicas;

    public DataDirectory Data => data;

    /// <summary>Whether tokens come from the sample sign-in.</summary>
    public bool UsesSignIn => options.UsesSignIn && builder.ExecutionContext.IsRunMode;

    public int SampleOrders => options.SampleOrders;

    public ShopDatabase AddDatabase(string name) =>
        Given(name) is { } given ? new(given) : servers.AddDatabase(name, _passwords);

    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name) =>
        Given(name) ?? servers.AddKafka(name);

    public ShopElasticsearch? AddElasticsearch(string name) =>
        Given(name) is { } given ? new(given) : servers.AddElasticsearch(name);

    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name) =>
        Given(name) ?? servers.AddRedis(name);

    /// <summary>
    /// Adds the step that prepares the databases of the host: a process that runs to its end before the services start,
    /// and the only one with an administrator's connection strings.
    /// </summary>
    /// <returns>Null if the operator has all databases.</returns>
    public IResourceBuilder<ProjectResource>? AddMigrations<TProject>(string name, params ShopDatabase[] databases)
        where TProject : IProjectMetadata, new()
    {
        ShopDatabase[] own = [.. databases.Where(database => database.ConnectionOf is not null)];
        if (own is [])
            return null;

        var migrations = builder.AddProject<TProject>(name).WithoutHttpsCertificate().WithOneMachineTuning().RunAsBuilt();
        foreach (var database in own)
            migrations.WithReference(database.Resource).WaitFor(database.Resource);
        foreach (var role in Enum.GetValues<DatabaseRole>())
            migrations.WithEnvironment($"Roles__Passwords__{RolePasswords.Name(role)}", _passwords.For(role));
        return migrations;
    }

    public IResourceBuilder<ProjectResource> AddService<TProject>(string name, int port, int replicas = 1)
        where TProject : IProjectMetadata, new() =>
        builder.AddProject<TProject>(name)
            .WithReplicas(replicas)
            // Replicas share a port through the orchestrator's proxy, which adds latency. A single instance needs none.
            .WithHttpEndpoint(port: port, targetPort: replicas == 1 ? port : null, isProxied: replicas > 1)
            // Services use HTTP on loopback. With HTTPS, the dashboard asks the user to trust a development certificate.
            .WithoutHttpsCertificate()
            .WithHttpHealthCheck("/health/ready")
            .WithEnvironmentOfHost()
            .WithAuthority(this)
            .WithTelemetryOfHost()
            .WithOneMachineTuning()
            .RunAsBuilt();

    private IResourceBuilder<IResourceWithConnectionString>? Given(string name) =>
        builder.Configuration.GetConnectionString(name) is { Length: > 0 } ? builder.AddConnectionString(name) : null;
}
