using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Shop.ServiceDefaults.Health;

namespace Shop.Projector.Projections;

internal static class ProjectionExtensions
{
    /// <summary>Adds a read model with its consumer group, reconciliation, rebuild, status and health.</summary>
    public static void AddProjection<T>(this IHostApplicationBuilder builder)
        where T : class, IProjection
    {
        var services = builder.Services;
        services.AddOptions<ProjectionOptions>()
            .BindConfiguration(ProjectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<T>();
        services.TryAddTransient<ProjectionDiagnosis>();
        services.AddSingleton<ProjectionState<T>>();
        services.AddSingleton<ProjectionState>(provider => provider.GetRequiredService<ProjectionState<T>>());
        services.AddHostedService<ProjectionConsumer<T>>();
        services.AddHostedService<ProjectionMaintenance<T>>();
        services.AddHealthChecks().AddCheck<ProjectionHealthCheck<T>>(typeof(T).Name, tags: [HealthPaths.Lag]);
    }

    /// <summary>Requests the same of every projection.</summary>
    public static void Request(this IEnumerable<ProjectionState> projections, ProjectionRequest request)
    {
        foreach (var projection in projections)
            projection.Add(request);
    }
}

/// <summary>Degraded, which is no outage of the orders, while a projection fails; names the broken link.</summary>
internal sealed class ProjectionHealthCheck<T>(ProjectionState<T> state) : IHealthCheck
    where T : IProjection
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Status is { Problem: { } problem } status
            ? HealthCheckResult.Degraded($"{status.Name}: {problem} ({status.LagEvents} records behind)")
            : HealthCheckResult.Healthy());
}
