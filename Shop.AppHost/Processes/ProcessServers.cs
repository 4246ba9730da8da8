using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>
/// Servers as processes of this machine. Without anything installed beforehand: PostgreSQL, and Kafka inside the host.
/// </summary>
internal sealed class ProcessServers(
    IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, string reason) : IServers
{
    // The model is drawn synchronously.
    private readonly Lazy<PostgresBinaries> _postgres = new(() =>
        PostgresBinaries.FindAsync(builder.Configuration, options.Root).GetAwaiter().GetResult());

    private readonly Lazy<UnprivilegedUser> _user = new(() =>
    {
        Directory.CreateDirectory(data.Path);
        return UnprivilegedUser.ForAsync(data.Path, CancellationToken.None).GetAwaiter().GetResult();
    });

    private readonly List<string> _found = [];

    public string Description => string.Join(", ", [$"processes ({reason})", .. _found]);

    public IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name)
    {
        DeleteWhereAsked(name);
        Tell($"PostgreSQL {_postgres.Value.Version} of {_postgres.Value.Directory}");
        return builder.AddLocalPostgres(name, data, _postgres.Value, _user.Value);
    }

    /// <summary>In memory, but where an unpacked one is named.</summary>
    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name)
    {
        if (Home(LocalKafkaExtensions.Setting) is not { } home)
        {
            return builder.AddMockKafka(name);
        }

        DeleteWhereAsked(name);
        Tell($"Kafka of {home}");
        return builder.AddLocalKafka(name, home, data, _user.Value);
    }

    /// <summary>Where an unpacked one is named.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name)
    {
        if (Home(LocalElasticsearchExtensions.Setting) is not { } home)
        {
            return null;
        }

        DeleteWhereAsked(name);
        Tell($"Elasticsearch of {home}");
        return builder.AddLocalElasticsearch(name, home, data, _user.Value);
    }

    /// <summary>Where the program is found.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name) =>
        builder.FindRedis() is { } program ? builder.AddLocalRedis(name, program) : null;

    private string? Home(string setting) =>
        builder.Configuration[setting] is { Length: > 0 } home ? Path.GetFullPath(home, options.Root) : null;

    private void DeleteWhereAsked(string name)
    {
        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            data.Delete(name);
        }
    }

    // Both databases are of the same programs.
    private void Tell(string server)
    {
        if (!_found.Contains(server))
        {
            _found.Add(server);
        }
    }
}
