using Confluent.Kafka;

namespace Shop.Projector.Consuming;

/// <summary>How far the store has come in each partition that this process has.</summary>
internal sealed class ConsumerProgress(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, PartitionProgress> _partitions = [];
    private volatile bool _hasJoined;

    /// <summary>Whether the group has given this process its partitions at least once.</summary>
    public bool HasJoined => _hasJoined;

    /// <summary>One projector of the group has partition 0: that one does what only one has to do.</summary>
    public bool HasFirstPartition => Snapshot().Any(partition => partition.Partition.Partition == 0);

    public ConsumerLag Lag
    {
        get
        {
            var now = time.GetUtcNow();
            var partitions = Snapshot();
            return new(
                partitions.Sum(partition => partition.LagEvents ?? 0),
                partitions.Max(partition => (now - partition.AsOf)?.TotalSeconds) ?? 0);
        }
    }

    public IReadOnlyList<PartitionProgress> Snapshot()
    {
        lock (_lock)
            return [.. _partitions.Values.OrderBy(partition => partition.Partition.Partition.Value)];
    }

    /// <summary>A partition's turn begins here, at its start or at a committed offset.</summary>
    public void Assigned(IEnumerable<TopicPartitionOffset> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                var position = partition.Offset.IsSpecial ? 0 : partition.Offset.Value;
                _partitions[partition.TopicPartition] = new(partition.TopicPartition, position, null, null);
            }
        }

        _hasJoined = true;
    }

    public void Revoked(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
                _partitions.Remove(partition);
        }
    }

    /// <summary>The store has taken everything before <paramref name="next"/>.</summary>
    public void Taken(TopicPartition partition, Offset next, DateTimeOffset publishedAt)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var progress))
                return;

            var asOf = Later(progress.AsOf, publishedAt);
            _partitions[partition] = progress with { Position = next.Value, AsOf = asOf };
        }
    }

    /// <summary>The log of a partition was seen to reach from one offset to another at some moment.</summary>
    public void Observed(TopicPartition partition, long begin, long end, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var progress))
                return;

            var position = Math.Max(progress.Position, begin);
            _partitions[partition] = progress with
            {
                End = end,
                AsOf = position >= end ? Later(progress.AsOf, at) : progress.AsOf,
                Position = position,
            };
        }
    }

    private static DateTimeOffset Later(DateTimeOffset? known, DateTimeOffset at) => known > at ? known.Value : at;
}

/// <param name="Position">The offset before which the store has everything.</param>
/// <param name="End">Where the log ended when it was last looked at.</param>
/// <param name="AsOf">Everything published before this moment is in the store.</param>
internal sealed record PartitionProgress(TopicPartition Partition, long Position, long? End, DateTimeOffset? AsOf)
{
    public long? LagEvents => End is { } end ? Math.Max(0, end - Position) : null;
}

internal readonly record struct ConsumerLag(long Events, double Seconds);
