using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Contracts;

namespace Shop.AppHost.Processes;

/// <summary>librdkafka's mock cluster: Kafka's wire protocol on loopback, in this process and in memory.</summary>
internal sealed class MockKafka(string name) : Resource(name), IResourceWithConnectionString
{
    private readonly Lazy<MockCluster> _cluster = new(() => new MockCluster());

    public MockCluster Cluster => _cluster.Value;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Cluster.Bootstraps}");
}

internal static partial class MockKafkaExtensions
{
    // It answers a fetch when the wait is over, however much has come meanwhile.
    private const string FetchWaitMaxMs = "1";

    public static IResourceBuilder<MockKafka> AddMockKafka(this IDistributedApplicationBuilder builder, string name)
    {
        var kafka = new MockKafka(name);
        var health = $"{name}-connects";
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            foreach (var reader in start.Model.Resources.OfType<ProjectResource>()
                .Where(service => References(service, kafka)))
            {
                reader.Annotations.Add(new EnvironmentCallbackAnnotation(
                    "Kafka__Consumer__FetchWaitMaxMs", () => FetchWaitMaxMs));
            }

            return Task.CompletedTask;
        });
        builder.Services.AddHealthChecks()
            .Add(new(health, _ => new KafkaHealthCheck(kafka.Cluster.Bootstraps), null, null));
        return builder.AddResource(kafka)
            .WithHealthCheck(health)
            .WithInitialState(new()
            {
                ResourceType = "Kafka in memory",
                State = KnownResourceStates.Starting,
                Properties = [],
            })
            .OnInitializeResource(async (resource, initialize, cancellationToken) =>
            {
                await initialize.Eventing.PublishAsync(
                    new BeforeResourceStartedEvent(resource, initialize.Services), cancellationToken);
                resource.Cluster.CreateTopic(Topics.Orders, Topics.OrdersPartitions);
                Log.Created(initialize.Logger, Topics.Orders, Topics.OrdersPartitions, resource.Cluster.Bootstraps);
                await initialize.Notifications.PublishUpdateAsync(resource, s => s with
                {
                    State = KnownResourceStates.Running,
                    Urls = [new("tcp", $"tcp://{resource.Cluster.Bootstraps}", IsInternal: false)],
                });
            });
    }

    private static bool References(ProjectResource service, IResource kafka) =>
        service.TryGetAnnotationsOfType<ResourceRelationshipAnnotation>(out var relationships)
        && relationships.Any(relationship => relationship.Resource == kafka);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Topic} with {Partitions} partitions on {Bootstraps}")]
        public static partial void Created(ILogger logger, string topic, int partitions, string bootstraps);
    }
}
