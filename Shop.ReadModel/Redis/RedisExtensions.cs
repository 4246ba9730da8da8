using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

/// <summary>The configuration section <c>Redis</c>.</summary>
public sealed class RedisOptions
{
    /// <summary>
    /// How long a document is cached. This is also the maximum age of a cached document if the read API can reach Redis
    /// but the projector cannot.
    /// </summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The timeout of a command.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long readers do not use Redis after a failure. A writer starts a new epoch meanwhile.</summary>
    public TimeSpan PauseAfterFailure { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>
/// The newest version of each order, as a sorted set of documents with their versions as scores. Every key contains an
/// epoch. A new epoch makes all documents unreachable that a writer may have failed to replace.
/// </summary>
internal static class RedisKeys
{
    public const string Epoch = "shop:orders:epoch";

    public static RedisKey Order(string epoch, Guid id) => $"shop:order:{epoch}:{id:D}";
}

internal static class RedisExtensions
{
    private const string Section = "Redis";

    /// <summary>Adds Redis as a cache for the store that was added. The service is healthy without Redis.</summary>
    /// <param name="isTraced">
    /// Whether commands are traced. A writer sends them in the background, where each would start a trace.
    /// </param>
    public static void AddRedisCache(this IHostApplicationBuilder builder, string connectionName, bool isTraced)
    {
        builder.AddRedisClient(
            connectionName,
            settings => (settings.DisableHealthChecks, settings.DisableTracing) = (true, !isTraced),
            Configure);
        // The client logs every lost connection as an error. Instead, one warning is logged when the cache is not used.
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("Logging:LogLevel:StackExchange.Redis", "None")],
        });
        var services = builder.Services;
        services.AddOptions<RedisOptions>().Bind(builder.Configuration.GetSection(Section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RedisOptions>>().Value);
        services.AddSingleton<RedisWriter>();
        services.Decorate<IOrderIndex, RedisOrderIndex>();
        services.Decorate<IIndexGenerations, RedisGenerations>();
        services.Decorate<IOrderSearch, RedisOrderSearch>();
    }

    internal static void Configure(ConfigurationOptions options)
    {
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ConnectTimeout = 1_000;
        options.ReconnectRetryPolicy = new LinearRetry(500);
    }

    private static void Decorate<TPort, TDecorator>(this IServiceCollection services)
        where TPort : class
        where TDecorator : class, TPort
    {
        var inner = services.Last(service => service.ServiceType == typeof(TPort));
        services.AddSingleton<TPort>(provider => ActivatorUtilities.CreateInstance<TDecorator>(
            provider,
            (TPort)(inner.ImplementationFactory?.Invoke(provider)
                ?? ActivatorUtilities.CreateInstance(provider, inner.ImplementationType!))));
    }
}
