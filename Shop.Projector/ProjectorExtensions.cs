using Shop.Projector.Auditing;
using Shop.Projector.Consuming;
using Shop.Projector.Parking;
using Shop.Projector.Projecting;
using Shop.Projector.Rebuilding;
using Shop.Projector.Telemetry;
using Shop.ServiceDefaults.Health;

namespace Shop.Projector;

internal static class ProjectorExtensions
{
    /// <summary>Projects events into the read store; needs <c>kafka</c> and the service <c>write-api</c>.</summary>
    public static void AddProjector(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ProjectorOptions>()
            .BindConfiguration(ProjectorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ProjectorMetrics>();
        services.AddConsuming();
        services.AddParking();
        services.AddAuditing();
        services.AddRebuilding();
    }

    public static void MapProjector(this IEndpointRouteBuilder routes)
    {
        routes.MapStatus();
        routes.MapAudit();
        routes.MapRebuild();
        routes.MapParking();
    }

    private static void AddConsuming(this IServiceCollection services)
    {
        services.AddSingleton<ConsumerProgress>();
        services.AddSingleton<LogWatch>();
        services.AddSingleton<ReadStore>();
        services.AddSingleton<VersionGaps>();
        services.AddSingleton<BatchProjector>();
        services.AddHostedService<OrdersConsumer>();
        services.AddHealthChecks()
            .AddCheck<ConsumerHealthCheck>("consumer", tags: [HealthPaths.Ready])
            .AddCheck<ConsumerLagHealthCheck>("consumer-lag", tags: [HealthPaths.Lag]);
    }

    private static void AddParking(this IServiceCollection services)
    {
        services.AddSingleton<ParkedOrders>();
        services.AddSingleton<DeadLetterTopic>();
        services.AddSingleton<EventParking>();
        services.AddSingleton<ParkingRetry>();
    }

    private static void AddAuditing(this IServiceCollection services)
    {
        services.AddSingleton<AuditRequests>();
        services.AddHttpClient(nameof(WriteSide), client => client.BaseAddress = new Uri("http://write-api"));
        services.AddSingleton<WriteSide>();
        services.AddSingleton<OrderAudit>();
        services.AddSingleton<Auditor>();
        services.AddHostedService(provider => provider.GetRequiredService<Auditor>());
    }

    private static void AddRebuilding(this IServiceCollection services)
    {
        services.AddSingleton<Rebuild>();
        services.AddSingleton<RebuildWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<RebuildWorker>());
        services.AddHealthChecks().AddCheck<RebuildWorker>("rebuild", tags: [HealthPaths.Lag]);
    }
}
