using Confluent.Kafka;

namespace Shop.Projector.Consuming;

internal static class ConsumerSettings
{
    public static ConsumerConfig Create(IConfiguration configuration, ProjectorOptions options)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = configuration.GetKafka(),
            ClientId = "shop-projector",
            GroupId = options.GroupId,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            // Offsets are stored by hand, after the store took the events.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 500,
            // A position that is not in the log is a gap for a reconciliation, never a reason to skip events.
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            // A killed member's partitions are given to others after this time.
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 1_000,
            // A broker responds as soon as it has a byte. The mock cluster responds after this time only.
            FetchWaitMaxMs = 100,
            FetchMinBytes = 1,
            FetchQueueBackoffMs = 5,
            FetchErrorBackoffMs = 100,
            // A few batches ahead, whatever the size of events.
            QueuedMinMessages = 5_000,
            QueuedMaxMessagesKbytes = 8_192,
            TopicMetadataRefreshIntervalMs = 5_000,
            ReconnectBackoffMaxMs = 1_000,
            SocketNagleDisable = true,
        };
        configuration.GetSection("Kafka:Consumer").Bind(config);
        return config;
    }
}
