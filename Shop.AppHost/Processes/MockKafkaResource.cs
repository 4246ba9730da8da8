using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Contracts;
using Shop.LocalServers;

namespace Shop.AppHost.Processes;

/// <summary>An in-memory Kafka cluster that runs inside the host.</summary>
internal sealed class MockKafkaResource(string name) : Resource(name), IResourceWithConnectionString
{
    private readonly Lazy<MockKafka> _cluster = new(() => new MockKafka());

    public MockKafka Cluster => _cluster.Value;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Cluster.Address}");
}

internal static partial class MockKafkaResourceExtensions
{
    // The mock answers a fetch only after this wait, even if messages have arrived.
    private const string FetchWaitMaxMs = "5";

    public static IResourceBuilder<MockKafkaResource> AddMockKafka(
        this IDistributedApplicationBuilder builder, string name)
    {
        var kafka = new MockKafkaResource(name);
        var health = $"{name}-connects";
        builder.Services.AddHealthChecks().AddCheck(health, _ => KafkaNode.ConnectAsync(kafka.Cluster.Address));
        builder.Eventing.Subscribe<BeforeStartEvent>((start, _) =>
        {
            foreach (var service in start.Model.Resources.OfType<ProjectResource>().Where(s => References(s, kafka)))
            {
                service.Annotations.Add(new EnvironmentCallbackAnnotation(
                    "Kafka__Consumer__FetchWaitMaxMs", () => FetchWaitMaxMs));
            }

            return Task.CompletedTask;
        });
        return builder.AddResource(kafka)
            .WithHealthCheck(health)
            .WithInitialState(new()
            {
                ResourceType = "Kafka in memory",
                State = KnownResourceStates.Starting,
                Properties = [],
            })
            .OnInitializeResource(StartAsync);
    }

    private static async Task StartAsync(
        MockKafkaResource kafka, InitializeResourceEvent initialize, CancellationToken cancellationToken)
    {
        await initialize.Eventing.PublishAsync(
            new BeforeResourceStartedEvent(kafka, initialize.Services), cancellationToken);
        kafka.Cluster.CreateTopic(Topics.Orders, Topics.OrdersPartitions);
        Log.Created(initialize.Logger, Topics.Orders, Topics.OrdersPartitions, kafka.Cluster.Address);
        await initialize.Notifications.PublishUpdateAsync(kafka, s => s with
        {
            State = KnownResourceStates.Running,
            Urls = [new("tcp", $"tcp://{kafka.Cluster.Address}", IsInternal: false)],
        });
    }

    private static bool References(ProjectResource service, IResource kafka) =>
        service.TryGetAnnotationsOfType<ResourceRelationshipAnnotation>(out var relationships)
        && relationships.Any(relationship => relationship.Resource == kafka);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Created topic {Topic} with {Partitions} partitions on {Address}")]
        public static partial void Created(ILogger logger, string topic, int partitions, string address);
    }
}
