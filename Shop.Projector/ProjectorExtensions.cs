using Shop.Projector.Admin;
using Shop.Projector.Consuming;
using Shop.Projector.DeadLetters;
using Shop.Projector.Projecting;
using Shop.Projector.Rebuilding;
using Shop.Projector.Reconciling;
using Shop.Projector.Telemetry;
using Shop.ServiceDefaults.Health;
using Shop.ServiceDefaults.Security;

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
        services.AddProjecting();
        services.AddConsuming();
        services.AddReconciling();
        services.AddRebuilding();
        services.AddHealthChecks()
            .AddCheck<ConsumerHealthCheck>("consumer", tags: [HealthPaths.Ready])
            .AddCheck<LagHealthCheck>("lag", tags: [HealthPaths.Lag]);
    }

    public static void MapProjector(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("").AllowRoles(Roles.Operator);
        admin.MapStatus();
        admin.MapReconcile();
        admin.MapRebuild();
        admin.MapDeadLetters();
        admin.MapErasures();
        admin.MapProjections();
    }

    private static void AddProjecting(this IServiceCollection services)
    {
        services.AddSingleton<DeadLetterList>();
        services.AddSingleton<DeadLetterTopic>();
        services.AddHostedService<DeadLetterFollower>();
        services.AddSingleton<ReconciliationRequests>();
        services.AddSingleton<SourceDatabase>();
        services.AddSingleton<ReadStore>();
        services.AddSingleton<BatchProjector>();
        services.AddHostedService<ReadStoreVerifier>();
    }

    private static void AddConsuming(this IServiceCollection services)
    {
        services.AddSingleton<ConsumerProgress>();
        services.AddLoop<OrdersConsumer>();
        services.AddLoop<BrokerProbe>();
        services.AddSingleton<LagDiagnosis>();
        services.AddHostedService<FreshnessReporter>();
    }

    private static void AddReconciling(this IServiceCollection services)
    {
        services.AddHttpClient(nameof(WriteApiClient), client => client.BaseAddress = new Uri("http://write-api"))
            .AddServiceToken();
        services.AddSingleton<WriteApiClient>();
        services.AddSingleton<Reconciliation>();
        services.AddSingleton<DeepReconciliation>();
        services.AddSingleton<DeadLetterRetry>();
        services.AddLoop<Reconciler>();
    }

    private static void AddRebuilding(this IServiceCollection services)
    {
        services.AddSingleton<Rebuild>();
        services.AddLoop<RebuildWorker>();
        services.AddHealthChecks().AddCheck<RebuildWorker>("rebuild", tags: [HealthPaths.Lag]);
    }

    /// <summary>Adds a background service that others refer to.</summary>
    private static void AddLoop<T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
