using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Shop.WriteApi.Database;

/// <summary>Healthy if the database answers and its schema is up to date.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource database, DatabaseMigration migration) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!migration.Done.IsCompletedSuccessfully)
        {
            return HealthCheckResult.Unhealthy(
                $"The write database's schema is not up to date yet. {migration.LastError}".TrimEnd());
        }

        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (NpgsqlException exception)
        {
            return HealthCheckResult.Unhealthy("The write database does not answer.", exception);
        }
    }
}
