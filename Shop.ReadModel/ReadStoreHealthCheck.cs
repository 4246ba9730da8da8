using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.ReadModel;

/// <summary>Healthy when the store answers a read of what Shop keeps in it.</summary>
internal sealed class ReadStoreHealthCheck(IOrderSearch search) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await search.ReadFreshnessAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ReadStoreUnavailableException exception)
        {
            return new(context.Registration.FailureStatus, exception.Message);
        }
    }
}
