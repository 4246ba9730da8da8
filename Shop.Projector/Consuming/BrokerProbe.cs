using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Shop.Projector.DeadLetters;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Consuming;

/// <summary>Requests the topic's metadata about once a second, which shows whether the broker can be reached.</summary>
internal sealed class BrokerProbe(DeadLetterTopic deadLetters, IOptions<ProjectorOptions> options, LoopServices services)
    : SupervisedLoop("broker probe", services)
{
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan UsualResponse = TimeSpan.FromSeconds(1);

    private volatile string? _problem;
    private long _waitingSince;
    private int _partitions;

    /// <summary>Why nothing can be consumed; null if the broker responds and every partition has a leader.</summary>
    public string? Problem => _problem ?? (IsWaiting ? "Kafka does not respond." : null);

    /// <summary>The number of the topic's partitions; null if it is not known.</summary>
    public int? Partitions => Volatile.Read(ref _partitions) is > 0 and var count ? count : null;

    protected override TimeSpan Interval => options.Value.FreshnessInterval;

    // A request to an unreachable broker takes until its timeout, which may exceed the lag limit.
    private bool IsWaiting =>
        Volatile.Read(ref _waitingSince) is not 0 and var since && Time.GetElapsedTime(since) > UsualResponse;

    protected override Task RunOnceAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _waitingSince, Time.GetTimestamp());
        using var admin = new DependentAdminClientBuilder(deadLetters.Handle).Build();
        try
        {
            var topic = admin.GetMetadata(options.Value.Topic, RequestTimeout).Topics[0];
            var leaderless = topic.Partitions.FirstOrDefault(partition => partition.Leader < 0);
            _problem = topic.Error.IsError ? $"Topic '{topic.Topic}': {topic.Error.Reason}"
                : leaderless is not null ? $"Partition {leaderless.PartitionId} of '{topic.Topic}' has no leader."
                : null;
            Volatile.Write(ref _partitions, topic.Partitions.Count);
        }
        catch (KafkaException exception)
        {
            _problem = $"Kafka does not respond: {exception.Error.Reason}";
        }
        finally
        {
            Volatile.Write(ref _waitingSince, 0);
        }

        return Task.CompletedTask;
    }
}
