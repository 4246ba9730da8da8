using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.AppHost.Processes;

/// <summary>Healthy when a broker answers for its topics.</summary>
internal sealed class KafkaHealthCheck(string bootstraps) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstraps })
                .SetLogHandler((_, _) => { }) // A broker that is still starting is no news.
                .Build();
            var metadata = client.GetMetadata(TimeSpan.FromSeconds(2));
            return Task.FromResult(HealthCheckResult.Healthy($"{metadata.Topics.Count} topics"));
        }
        catch (KafkaException e)
        {
            return Task.FromResult(HealthCheckResult.Unhealthy(e.Message, e));
        }
    }
}
