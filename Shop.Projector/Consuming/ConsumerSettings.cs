using Confluent.Kafka;

namespace Shop.Projector.Consuming;

internal static class ConsumerSettings
{
    public static ConsumerConfig Create(IConfiguration configuration, ProjectorOptions options)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = BootstrapServers(configuration),
            ClientId = "shop-projector",
            GroupId = options.GroupId,
            PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky,
            // What is committed is what the store took: offsets are stored by hand, after it did.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 500,
            // A position that is not in the log is a gap to be audited, never a reason to skip.
            AutoOffsetReset = AutoOffsetReset.Error,
            AllowAutoCreateTopics = false,
            // A killed member's partitions are given to others after this time.
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 1_000,
            // A broker answers as soon as it has a byte. One that answers by the clock only, as the host's own in memory
            // does, wants a shorter wait: it is the whole latency there.
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

    public static string BootstrapServers(IConfiguration configuration) =>
        configuration.GetConnectionString("kafka")
        ?? throw new InvalidOperationException("ConnectionStrings:kafka is not configured.");
}
