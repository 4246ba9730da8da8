using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Projector.Projecting;

/// <summary>Records in the order in which they were consumed.</summary>
internal sealed class EventBatch
{
    private readonly Dictionary<TopicPartition, PartitionEnd> _ends = [];

    /// <summary>The events; heartbeats are not among them.</summary>
    public List<OrderEventRecord> Records { get; } = [];

    /// <summary>Records including heartbeats.</summary>
    public int Count { get; private set; }

    public int Bytes { get; private set; }

    /// <summary>The write database that the last record names.</summary>
    public Guid? DatabaseId { get; private set; }

    /// <summary>Where each partition continues after this batch.</summary>
    public IReadOnlyDictionary<TopicPartition, PartitionEnd> Ends => _ends;

    public void Add(ConsumeResult<byte[], byte[]> result)
    {
        var record = new OrderEventRecord(result);
        Count++;
        Bytes += record.Size;
        DatabaseId = record.DatabaseId ?? DatabaseId;
        var asOf = _ends.GetValueOrDefault(result.TopicPartition).AsOf;
        if (record.Type == Heartbeat.Type)
            asOf = record.Time ?? asOf;
        else
            Records.Add(record);
        _ends[result.TopicPartition] = new(result.Offset + 1, asOf);
    }
}

/// <param name="Next">The offset after the batch's last record.</param>
/// <param name="AsOf">The commit time of the last heartbeat; null if there is none in the batch.</param>
internal readonly record struct PartitionEnd(Offset Next, DateTimeOffset? AsOf);
