using System.Diagnostics;
using Confluent.Kafka;
using Shop.Contracts;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;

namespace Shop.Projector.Projections;

/// <summary>One membership in the consumer group of a projection.</summary>
internal sealed class ProjectionSession : IDisposable
{
    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<TopicPartition, Offset> _ends = [];
    private readonly IConsumer<byte[], byte[]> _consumer;
    private bool _hasGap;

    /// <param name="name">Appended to the consumer group of the orders.</param>
    public ProjectionSession(IConfiguration configuration, ProjectorOptions options, string name)
    {
        var config = ConsumerSettings.Create(configuration, options);
        (config.GroupId, config.ClientId) = ($"{options.GroupId}.{name}", $"{config.ClientId}-{name}");
        config.EnableAutoCommit = false;
        _consumer = new ConsumerBuilder<byte[], byte[]>(config)
            .SetPartitionsRevokedHandler((_, partitions) => Forget(partitions))
            .SetPartitionsLostHandler((_, partitions) => Forget(partitions))
            .SetPartitionsAssignedHandler((_, partitions) => StartOf(partitions))
            .SetErrorHandler((_, _) => { })
            .SetLogHandler((_, _) => { })
            .Build();
        _consumer.Subscribe(options.Topic);
    }

    /// <summary>Records that are in the log and were not gathered.</summary>
    public long LagEvents => _consumer.Assignment.Sum(partition =>
        _consumer.GetWatermarkOffsets(partition).High is { IsSpecial: false } end
            && _consumer.Position(partition) is { IsSpecial: false } next ? Math.Max(0, end - next) : 0);

    /// <summary>Waits for records and takes what arrives within a time. Blocks its thread.</summary>
    /// <returns>The orders in them. Events that cannot be read are dead letters of the orders, and left out here.</returns>
    public List<SerializedOrder> Gather(ProjectionOptions options, CancellationToken cancellationToken)
    {
        List<SerializedOrder> orders = [];
        var started = Stopwatch.GetTimestamp();
        for (var count = 0; count < options.MaxRecords && Stopwatch.GetElapsedTime(started) < options.GatherTime; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Consume() is not { } result)
                continue;

            _ends[result.TopicPartition] = result.Offset + 1;
            if (Read(new(result)) is { } order)
                orders.Add(order);
        }

        return orders;
    }

    /// <returns>Whether records were lost since the last call: the log is read from its beginning.</returns>
    public bool TakeGap()
    {
        var had = _hasGap;
        _hasGap = false;
        return had;
    }

    /// <summary>Commits the offsets of what was gathered.</summary>
    public void Commit()
    {
        if (_ends.Count > 0)
            _consumer.Commit(_ends.Select(end => new TopicPartitionOffset(end.Key, end.Value)));
        _ends.Clear();
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }

    private static SerializedOrder? Read(OrderEventRecord record)
    {
        if (record.Type == Heartbeat.Type)
            return null;

        try
        {
            var order = OrderEventReader.Read(record.Type, record.Value);
            return order.Id == record.OrderId && order.Version == record.Version ? order : null;
        }
        catch (UnreadableEventException)
        {
            return null;
        }
    }

    private ConsumeResult<byte[], byte[]>? Consume()
    {
        try
        {
            return _consumer.Consume(PollLimit);
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            _hasGap = true;
            var partition = exception.ConsumerRecord.TopicPartition;
            _consumer.IncrementalUnassign([partition]);
            _consumer.IncrementalAssign([new TopicPartitionOffset(partition, Offset.Beginning)]);
            return null;
        }
    }

    private List<TopicPartitionOffset> StartOf(List<TopicPartition> partitions) =>
        _consumer.Committed(partitions, TimeSpan.FromSeconds(5)).ConvertAll(committed =>
            committed.Offset.IsSpecial ? new(committed.TopicPartition, Offset.Beginning) : committed);

    private void Forget(List<TopicPartitionOffset> partitions)
    {
        foreach (var partition in partitions)
            _ends.Remove(partition.TopicPartition);
    }
}
