using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.ReadModel;

/// <summary>
/// Healthy if the store has the expected schema and responds to a read. Degraded, which counts as ready, if the store
/// has the schema of another version and can be used.
/// </summary>
internal sealed class ReadStoreHealthCheck(IReadStoreSchema schema, IOrderSearch search) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var problem = await schema.FindProblemAsync(cancellationToken);
            if (problem is { CanServe: false })
                return new(context.Registration.FailureStatus, problem.Description);

            await search.ReadFreshnessAsync(cancellationToken);
            return problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(problem.Description);
        }
        catch (ReadStoreUnavailableException exception)
        {
            return new(context.Registration.FailureStatus, exception.Message);
        }
    }
}
