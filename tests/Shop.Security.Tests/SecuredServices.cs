extern alias ProjectorService;
extern alias ReadService;
extern alias WriteService;

using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.Security.Tests;

/// <summary>
/// The three services with tokens of a <see cref="TestAuthority"/>, and without servers: whatever is refused is refused
/// before a handler runs.
/// </summary>
public sealed class SecuredServices : IAsyncLifetime
{
    private const string Nowhere = "Host=127.0.0.1;Port=1;Username=nobody";

    private readonly List<IAsyncDisposable> _factories = [];

    internal TestAuthority Authority { get; private set; } = null!;

    internal IReadOnlyDictionary<string, Service> All { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Authority = await TestAuthority.StartAsync();
        All = new Dictionary<string, Service>
        {
            ["write API"] = Start<WriteService::Program>(),
            ["read API"] = Start<ReadService::Program>(),
            ["projector"] = Start<ProjectorService::Program>(),
        };
    }

    public async Task DisposeAsync()
    {
        foreach (var factory in _factories)
            await factory.DisposeAsync();
        await Authority.DisposeAsync();
    }

    private Service Start<TProgram>()
        where TProgram : class
    {
        var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseSetting("Authentication:Authority", Authority.Address);
            builder.UseSetting("ConnectionStrings:orders", Nowhere);
            builder.UseSetting("ConnectionStrings:readdb", Nowhere);
            builder.UseSetting("ConnectionStrings:elasticsearch", "");
            builder.UseSetting("ConnectionStrings:redis", "");
            builder.UseSetting("ConnectionStrings:kafka", "127.0.0.1:1");
            builder.UseSetting("Logging:LogLevel:Default", "None");
            builder.ConfigureTestServices(services =>
            {
                // Background work would look for the servers.
                var own = services.Where(service => service.ServiceType == typeof(IHostedService)
                    && (service.ImplementationType?.FullName ?? "Shop.").StartsWith("Shop.", StringComparison.Ordinal));
                foreach (var service in own.ToList())
                    services.Remove(service);
            });
        });
        _factories.Add(factory);
        var endpoints = factory.Services.GetRequiredService<EndpointDataSource>().Endpoints;
        return new(factory.CreateClient(), [.. endpoints.OfType<RouteEndpoint>()]);
    }
}

internal sealed record Service(HttpClient Client, IReadOnlyList<RouteEndpoint> Endpoints);
