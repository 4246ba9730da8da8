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
        string?[] folders =
        [
            data.Path,
            Home(LocalKafkaExtensions.Setting, builder, options),
            Home(LocalElasticsearchExtensions.Setting, builder, options),
        ];
        string[] existing = [.. folders.OfType<string>().Where(Directory.Exists)];
        return UnprivilegedUser.ForAsync(existing).GetAwaiter().GetResult();
    });

    private readonly List<string> _found = [];

    public string Description => string.Join(", ", [$"processes ({reason})", .. _found.Distinct()]);

    public IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name)
    {
        DeleteWhereAsked(name);
        _found.Add($"PostgreSQL {_postgres.Value.Version} of {_postgres.Value.Directory}");
        return builder.AddLocalPostgres(name, data, _postgres.Value, _user.Value);
    }

    /// <summary>In memory, but where an unpacked one is named.</summary>
    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name)
    {
        DeleteWhereAsked(name);
        if (Home(LocalKafkaExtensions.Setting, builder, options) is not { } home)
        {
            _found.Add("Kafka in memory");
            return builder.AddMockKafka(name);
        }

        _found.Add($"Kafka of {home}");
        return builder.AddLocalKafka(name, home, data, _user.Value);
    }

    /// <summary>Where an unpacked one is named.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name)
    {
        DeleteWhereAsked(name);
        if (Home(LocalElasticsearchExtensions.Setting, builder, options) is not { } home)
        {
            return null;
        }

        _found.Add($"Elasticsearch of {home}");
        return builder.AddLocalElasticsearch(name, home, data, _user.Value);
    }

    /// <summary>Where the program is found.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name)
    {
        if (ProgramOnPath.Find(builder.Configuration, "redis-server") is not { } program)
        {
            return null;
        }

        _found.Add($"Redis of {program}");
        return builder.AddLocalRedis(name, program);
    }

    private static string? Home(string setting, IDistributedApplicationBuilder builder, ShopOptions options) =>
        builder.Configuration[setting] is { Length: > 0 } home ? Path.GetFullPath(home, options.Root) : null;

    // Also of a server that is left out this time: its data would be of other orders when it is there again.
    private void DeleteWhereAsked(string name)
    {
        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            data.Delete(name);
        }
    }
}
