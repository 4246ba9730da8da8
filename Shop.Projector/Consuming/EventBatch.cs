using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Projector.Consuming;

/// <summary>Records in the order in which they were consumed.</summary>
internal sealed class EventBatch
{
    private readonly Dictionary<TopicPartition, (Offset Next, DateTimeOffset At)> _ends = [];

    public List<OrderEventRecord> Records { get; } = [];

    public int Bytes { get; private set; }

    /// <summary>Where each partition goes on after this batch, and when its last record was published.</summary>
    public IReadOnlyDictionary<TopicPartition, (Offset Next, DateTimeOffset At)> Ends => _ends;

    public void Add(ConsumeResult<byte[], byte[]> result)
    {
        var record = new OrderEventRecord(result);
        if (record.Type != Heartbeat.Type)
            Records.Add(record);
        Bytes += record.Size;
        _ends[result.TopicPartition] = (result.Offset + 1, result.Message.Timestamp.UtcDateTime);
    }
}
