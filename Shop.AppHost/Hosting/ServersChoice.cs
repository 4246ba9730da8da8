using Shop.AppHost.Processes;
#if CONTAINERS
using Shop.AppHost.Containers;
#endif

namespace Shop.AppHost.Hosting;

/// <summary>
/// Chooses containers if a container engine is running and the packages are available, otherwise processes.
/// </summary>
internal static class ServersChoice
{
    public static IServers Make(
        IDistributedApplicationBuilder builder, ShopOptions options, DataDirectory data)
    {
#if CONTAINERS
        if (options.Servers is not ServerChoice.Processes)
        {
            // A manifest describes containers without starting any.
            var engine = builder.ExecutionContext.IsRunMode ? ContainerEngine.Find() : "docker";
            if (engine is not null)
            {
                return new ContainerServers(builder, options, engine);
            }

            if (options.Servers is ServerChoice.Containers)
            {
                throw new HostException("""
                    --servers containers: neither Docker nor Podman is running.
                    Start one of them, or use --servers processes.
                    """);
            }
        }

        const string Reason = "no container engine is running";
#else
        if (options.Servers is ServerChoice.Containers)
        {
            throw new HostException("""
                --servers containers: this host was built without Aspire.Hosting.Kafka and Aspire.Hosting.Elasticsearch,
                which the package feed lacks. With a feed that has them, delete artifacts/feed.props and build again.
                """);
        }

        const string Reason = "the package feed lacks the container packages";
#endif
        return new ProcessServers(builder, options, data, options.Servers is ServerChoice.Any ? Reason : "--servers processes");
    }
}
