using System.Diagnostics;
using Confluent.Kafka;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;

namespace Shop.Projector.Projections;

/// <summary>One membership in the consumer group of a projection.</summary>
internal sealed class ProjectionSession : IDisposable
{
    /// <summary>From this number of records on, a batch is a backlog. It is applied as soon as no more records arrive.</summary>
    private const int ManyRecords = 100;

    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CommittedLimit = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TopicPartition, Offset> _ends = [];
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly ConsumerProgress _progress;
    private volatile string? _lastError;
    private bool _hasGap;

    /// <param name="name">Appended to the consumer group of the orders.</param>
    public ProjectionSession(
        IConfiguration configuration, ProjectorOptions options, ConsumerProgress progress, string name)
    {
        _progress = progress;
        var config = ConsumerSettings.Create(configuration, options);
        (config.GroupId, config.ClientId) = ($"{options.GroupId}.{name}", $"{config.ClientId}-{name}");
        config.EnableAutoCommit = false;
        _consumer = new ConsumerBuilder<byte[], byte[]>(config)
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            // The session of the orders logs what the client says of the same broker.
            .SetErrorHandler((_, error) => _lastError = error.Reason)
            .SetLogHandler((_, _) => { })
            .Build();
        _consumer.Subscribe(options.Topic);
    }

    /// <summary>What the client of the broker reported since the last record arrived; null if nothing.</summary>
    public string? LastError => _lastError;

    /// <summary>Waits for records and takes what arrives within a time. Blocks its thread.</summary>
    public EventBatch Gather(ProjectionOptions options, CancellationToken cancellationToken)
    {
        var batch = new EventBatch();
        var started = Stopwatch.GetTimestamp();
        while (batch.Count < options.MaxRecords && Stopwatch.GetElapsedTime(started) < options.GatherTime)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Consume() is { } result)
                batch.Add(result);
            else if (batch.Count >= ManyRecords)
                break;
        }

        foreach (var partition in _consumer.Assignment)
        {
            if (_consumer.GetWatermarkOffsets(partition).High is { IsSpecial: false } end)
                _progress.Observed(partition, end.Value);
        }

        return batch;
    }

    /// <summary>The projection has what was gathered.</summary>
    public void Applied(EventBatch batch)
    {
        foreach (var (partition, end) in batch.Ends)
        {
            _ends[partition] = end.Next;
            _progress.Advance(partition, end.Next, end.AsOf);
        }
    }

    /// <returns>Whether records were lost since the last call: the log is read from its beginning.</returns>
    public bool TakeGap()
    {
        var had = _hasGap;
        _hasGap = false;
        return had;
    }

    /// <summary>Commits the offsets of what was applied.</summary>
    public void Commit()
    {
        if (_ends.Count > 0)
            _consumer.Commit(_ends.Select(end => new TopicPartitionOffset(end.Key, end.Value)));
        _ends.Clear();
    }

    public void Dispose()
    {
        _progress.Lost();
        _consumer.Close();
        _consumer.Dispose();
    }

    private ConsumeResult<byte[], byte[]>? Consume()
    {
        try
        {
            var result = _consumer.Consume(PollLimit);
            if (result is not null)
                _lastError = null;
            return result;
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            _hasGap = true;
            var partition = exception.ConsumerRecord.TopicPartition;
            _consumer.IncrementalUnassign([partition]);
            _consumer.IncrementalAssign([new TopicPartitionOffset(partition, Offset.Beginning)]);
            _progress.Assigned([new(partition, Offset.Beginning)]);
            return null;
        }
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        var offsets = _consumer.Committed(partitions, CommittedLimit).ConvertAll(committed =>
            committed.Offset.IsSpecial ? new(committed.TopicPartition, Offset.Beginning) : committed);
        _progress.Assigned(offsets);
        return offsets;
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        Forget(partitions);
        _progress.Revoked(partitions.Select(partition => partition.TopicPartition));
    }

    private void OnLost(List<TopicPartitionOffset> partitions)
    {
        Forget(partitions);
        _progress.Lost();
    }

    private void Forget(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions)
            _ends.Remove(partition.TopicPartition);
    }
}
