using Confluent.Kafka;
using Shop.Projector.Telemetry;

namespace Shop.Projector.Consuming;

/// <summary>
/// How much of each of this projector's partitions the store has, and since when: one for the orders, and one for each
/// projection beside them.
/// </summary>
internal sealed class ConsumerProgress
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, PartitionProgress> _partitions = [];
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _startedAt;
    private bool _hasJoined;
    private bool _hasLost;

    public ConsumerProgress(TimeProvider time) => (_time, _startedAt) = (time, time.GetUtcNow());

    public ConsumerProgress(TimeProvider time, ProjectorMetrics metrics)
        : this(time)
    {
        metrics.Observe("lag_events", "{event}", "Records in the log that the store does not have", () => Lag.Events);
        metrics.Observe("lag", "s", "Time since the commit before which everything is in the store", () => Lag.Seconds);
    }

    /// <summary>Whether the consumer group has assigned partitions to this process, and the session has not been lost since.</summary>
    public bool HasJoined
    {
        get
        {
            lock (_lock)
                return _hasJoined;
        }
    }

    /// <summary>One projector of the group has partition 0: it does what only one has to do.</summary>
    public bool HasFirstPartition => HasJoined && Snapshot().Any(partition => partition.Partition.Partition == 0);

    /// <summary>Whether at most <paramref name="events"/> records of this process's partitions are left.</summary>
    public bool HasAtMost(int events) =>
        HasJoined && Snapshot() is var all && all.All(partition => partition.End is not null)
            && all.Sum(partition => partition.LagEvents ?? 0) <= events;

    public ConsumerLag Lag
    {
        get
        {
            var now = _time.GetUtcNow();
            lock (_lock)
            {
                // Without partitions there is nothing to be behind with, unless the group has not assigned any yet.
                double? seconds = _partitions.Count > 0
                    ? _partitions.Values.Max(partition => (now - (partition.AsOf ?? partition.Since)).TotalSeconds)
                    : _hasJoined ? null : (now - _startedAt).TotalSeconds;
                return new(_partitions.Values.Sum(partition => partition.LagEvents ?? 0), seconds);
            }
        }
    }

    public IReadOnlyList<PartitionProgress> Snapshot()
    {
        lock (_lock)
            return [.. _partitions.Values.OrderBy(partition => partition.Partition.Partition.Value)];
    }

    /// <summary>The group assigned these partitions, to be consumed from these offsets.</summary>
    public void Assigned(IEnumerable<TopicPartitionOffset> partitions)
    {
        lock (_lock)
        {
            var lost = _hasLost ? _partitions.ToDictionary() : [];
            if (_hasLost)
                _partitions.Clear();
            foreach (var partition in partitions)
            {
                var target = partition.TopicPartition;
                var position = partition.Offset.IsSpecial ? 0 : partition.Offset.Value;
                var known = lost.GetValueOrDefault(target);
                _partitions[target] = new(target, position, null, known?.AsOf, known?.Since ?? _time.GetUtcNow());
            }

            (_hasJoined, _hasLost) = (true, false);
        }
    }

    /// <summary>The partitions are consumed by other projectors from now on.</summary>
    public void Revoked(IEnumerable<TopicPartition> partitions)
    {
        lock (_lock)
        {
            // Closing a session that failed revokes, too.
            foreach (var partition in _hasLost ? [] : partitions)
                _partitions.Remove(partition);
        }
    }

    /// <summary>The session ended or lost its partitions: what is known of them stays until others are assigned.</summary>
    public void Lost()
    {
        lock (_lock)
            (_hasJoined, _hasLost) = (false, true);
    }

    /// <summary>The store has everything before <paramref name="next"/>.</summary>
    /// <param name="asOf">The commit time of the last heartbeat before it; null if none came since the last call.</param>
    public void Advance(TopicPartition partition, Offset next, DateTimeOffset? asOf)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var progress))
                return;

            _partitions[partition] = progress with
            {
                Position = next.Value,
                AsOf = asOf is null || progress.AsOf > asOf ? progress.AsOf : asOf,
            };
        }
    }

    /// <summary>The partition's log was seen to end at this offset.</summary>
    public void Observed(TopicPartition partition, long end)
    {
        lock (_lock)
        {
            if (_partitions.TryGetValue(partition, out var progress))
                _partitions[partition] = progress with { End = end };
        }
    }
}

/// <param name="Position">The store has everything before this offset.</param>
/// <param name="End">Where the log was last seen to end; null if it is not known.</param>
/// <param name="AsOf">The store has every commit before this moment; null if no heartbeat has arrived.</param>
/// <param name="Since">When the partition was assigned: from then on an unknown moment counts as lag.</param>
internal sealed record PartitionProgress(
    TopicPartition Partition, long Position, long? End, DateTimeOffset? AsOf, DateTimeOffset Since)
{
    public long? LagEvents => End is { } end ? Math.Max(0, end - Position) : null;
}

/// <param name="Seconds">Null if this projector has nothing to consume because others consume everything.</param>
internal readonly record struct ConsumerLag(long Events, double? Seconds);
