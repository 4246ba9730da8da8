using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Shop.ReadModel.Redis;

internal static class RedisExtensions
{
    private const string Section = "Redis";

    /// <summary>Puts Redis before the store that was added; the service is healthy without it.</summary>
    public static void AddRedisDocuments(this IHostApplicationBuilder builder, string connectionName)
    {
        builder.AddRedisClient(connectionName, settings => settings.DisableHealthChecks = true, Configure);
        var services = builder.Services;
        services.AddOptions<RedisOptions>().Bind(builder.Configuration.GetSection(Section));
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<RedisOptions>>().Value);
        services.AddSingleton<RedisDocuments>();
        services.AddSingleton<RedisWriter>();
        services.Decorate<IOrderIndex, RedisOrderIndex>();
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
        var inner = services.Last(service => service.ServiceType == typeof(TPort)).ImplementationType!;
        services.AddSingleton(inner);
        services.AddSingleton<TPort>(provider => ActivatorUtilities.CreateInstance<TDecorator>(
            provider, (TPort)provider.GetRequiredService(inner)));
    }
}
