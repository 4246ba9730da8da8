using Confluent.Kafka;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.DeadLetters;

/// <summary>
/// Reads the dead-letter topic back into the list when the projector starts, and follows what other projectors write.
/// </summary>
internal sealed class DeadLetterFollower(
    DeadLetterTopic topic, DeadLetterList list, IConfiguration configuration, LoopServices services)
    : SupervisedLoop("dead-letter list", services)
{
    /// <summary>Records read back of each partition: enough for the list and the orders resolved since.</summary>
    private const int MaxReadBack = 5_000;

    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMilliseconds(500);

    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await topic.EnsureCreatedAsync();
        await Task.Factory.StartNew(
            () => Follow(cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Follow(CancellationToken cancellationToken)
    {
        var config = new ConsumerConfig();
        configuration.GetSection("Kafka:Consumer").Bind(config);
        config.BootstrapServers = configuration.GetKafka();
        config.ClientId = "shop-projector-dead-letter-list";
        config.GroupId = "shop-projector-dead-letter-list"; // Required by the client; nothing is committed.
        config.EnableAutoCommit = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(FindStart(consumer));
        while (!cancellationToken.IsCancellationRequested)
        {
            if (consumer.Consume(PollTimeout) is { } result)
                Take(result.Message.Headers, result.Message.Timestamp.UtcDateTime);
        }
    }

    private List<TopicPartitionOffset> FindStart(IConsumer<Ignore, Ignore> consumer)
    {
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic.Name, RequestTimeout).Topics[0].Partitions;
        return partitions.ConvertAll(partition =>
        {
            var target = new TopicPartition(topic.Name, partition.PartitionId);
            var offsets = consumer.QueryWatermarkOffsets(target, RequestTimeout);
            return new TopicPartitionOffset(target, Math.Max(offsets.Low.Value, offsets.High.Value - MaxReadBack));
        });
    }

    private void Take(Headers headers, DateTimeOffset at)
    {
        if (headers.Text(DeadLetterHeaders.Writer) == topic.Writer)
            return;

        if (headers.Text(DeadLetterHeaders.Resolved) is { } resolved)
            list.Remove(resolved, long.MaxValue);
        else if (DeadLetterHeaders.Read(headers, at) is { } letter)
            list.Add(letter);
    }
}
