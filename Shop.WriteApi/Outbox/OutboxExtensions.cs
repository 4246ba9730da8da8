using Shop.ServiceDefaults.Health;
using Shop.WriteApi.Http;
using Shop.WriteApi.Outbox.Health;

namespace Shop.WriteApi.Outbox;

internal static class OutboxExtensions
{
    private const string Section = "Relay";

    /// <summary>
    /// Publishes the outbox to Kafka. Needs the connection string <c>kafka</c>, and <c>relay</c> with a user that may
    /// replicate; without it, <c>orders</c> is used.
    /// </summary>
    public static void AddOutbox(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RelayOptions>().BindConfiguration(Section).ValidateDataAnnotations().ValidateOnStart();
        if (!builder.Configuration.GetSection(Section).GetValue(nameof(RelayOptions.Enabled), true))
            return;

        builder.AddJson(RelayJson.Wire);
        services.AddSingleton<RelayDatabase>();
        services.AddSingleton<ReplicationSlot>();
        services.AddSingleton<RelayLag>();
        services.AddSingleton<RelayMetrics>();
        services.AddSingleton<RelayLagMonitor>();
        services.AddSingleton<OutboxRelay>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxRelay>());
        services.AddHostedService(provider => provider.GetRequiredService<RelayLagMonitor>());
        services.AddHostedService<OutboxPruner>();
        services.AddHealthChecks().AddCheck<RelayHealthCheck>("relay", tags: [HealthPaths.Lag]);
    }
}
