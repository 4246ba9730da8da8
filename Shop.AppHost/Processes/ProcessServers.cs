using Shop.AppHost.Hosting;

namespace Shop.AppHost.Processes;

/// <summary>PostgreSQL as processes of this machine, Kafka inside the host: nothing to install beforehand.</summary>
internal sealed class ProcessServers(
    IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data, string reason) : IServers
{
    private readonly Lazy<(PostgresBinaries Binaries, UnprivilegedUser User)> _postgres = new(() =>
    {
        // The model is drawn synchronously.
        Directory.CreateDirectory(data.Path);
        return (PostgresBinaries.FindAsync(builder.Configuration, options.Root).GetAwaiter().GetResult(),
            UnprivilegedUser.ForAsync(data.Path, CancellationToken.None).GetAwaiter().GetResult());
    });

    public string Description => _postgres.IsValueCreated
        ? $"processes ({reason}), PostgreSQL {_postgres.Value.Binaries.Version} of {_postgres.Value.Binaries.Directory}"
        : $"processes ({reason})";

    public IResourceBuilder<IResourceWithConnectionString> AddDatabase(string name)
    {
        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            data.Delete(name);
        }

        return builder.AddLocalPostgres(name, data, _postgres.Value.Binaries, _postgres.Value.User);
    }

    public IResourceBuilder<IResourceWithConnectionString> AddKafka(string name) => builder.AddMockKafka(name);

    /// <summary>Where an unpacked one is named.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddElasticsearch(string name)
    {
        if (builder.Configuration[LocalElasticsearchExtensions.Setting] is not { Length: > 0 } home)
        {
            return null;
        }

        if (options.Reset && builder.ExecutionContext.IsRunMode)
        {
            data.Delete(name);
        }

        return builder.AddLocalElasticsearch(name, Path.GetFullPath(home), data, _postgres.Value.User);
    }

    /// <summary>Where the program is found.</summary>
    public IResourceBuilder<IResourceWithConnectionString>? AddRedis(string name) =>
        builder.FindRedis() is { } program ? builder.AddLocalRedis(name, program) : null;
}
