using System.Security.Cryptography;
using System.Text;
using Shop.AppHost.Hosting;

namespace Shop.AppHost.Containers;

/// <summary>Runs the servers as containers, each with a volume for its data.</summary>
internal sealed class ContainerServers(
    IDistributedApplicationBuilder builder, ShopOptions options, string engine) : IServers
{
    public string Description => $"containers ({engine})";

    public IEnumerable<string> Preparations => [];

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ShopDatabase AddDatabase(string name, RolePasswords passwords)
    {
        var server = builder.AddPostgres($"{name}-server")
            .WithArgs(
                "-c", "wal_level=logical", "-c", "max_slot_wal_keep_size=2GB", "-c", "wal_sender_timeout=10s",
                "-c", "log_error_verbosity=terse")
            .WithDataVolume(Volume(name));
        var endpoint = server.Resource.PrimaryEndpoint;
        return new(server.AddDatabase(name), role => ReferenceExpression.Create(
            $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)};Username={RolePasswords.UserName(role)};Password={passwords.For(role)};Database={name}"));
    }

    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name) =>
        builder.AddKafka(name)
            .WithKafkaUI()
            .WithDataVolume(Volume(name));

    public ShopElasticsearch? AddElasticsearch(string name)
    {
        var server = builder.AddElasticsearch(name)
            .WithImageTag("9.5.3")
            // Without a limit Elasticsearch takes half of the machine's memory.
            .WithEnvironment("ES_JAVA_OPTS", "-Xms512m -Xmx512m")
            .WithDataVolume(Volume(name));
        return new(server, server.Resource.ConnectionStringExpression.GetValueAsync);
    }

    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name) =>
        builder.AddRedis(name);

    /// <summary>The name depends on the data directory, so that two shops do not share a volume.</summary>
    private string Volume(string name)
    {
        var shop = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.Data)))[..8];
        var volume = $"shop-{shop}-{name}";
        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            ContainerEngine.RemoveVolume(engine, volume);
        }

        return volume;
    }
}
