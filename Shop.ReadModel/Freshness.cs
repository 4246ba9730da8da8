namespace Shop.ReadModel;

/// <summary>How complete the documents of one projector's partitions are.</summary>
/// <param name="AsOf">
/// For each partition, the moment before which every commit is visible; null if it is not known.
/// </param>
/// <param name="PartitionCount">Partitions of the topic; null if it is not known.</param>
/// <param name="SavedAt">When the report was made, by the projector's clock.</param>
/// <param name="Problem">The link that the as-of times depend on now, and a sentence about it.</param>
public sealed record FreshnessReport(
    IReadOnlyDictionary<int, DateTimeOffset?> AsOf, int? PartitionCount, DateTimeOffset SavedAt, string? Problem);

/// <summary>The last report about one partition. Its as-of time never goes back.</summary>
public sealed record PartitionFreshness(DateTimeOffset? AsOf, DateTimeOffset SavedAt, string? Problem);

/// <summary>How complete the store is, from the last report about each partition.</summary>
/// <param name="DatabaseId">The write database that the documents come from; null if the store has met none.</param>
public sealed record Freshness(
    IReadOnlyDictionary<int, PartitionFreshness> Partitions, int? PartitionCount, Guid? DatabaseId)
{
    /// <summary>
    /// Every commit before this moment is visible. Null if that is not known of every partition of the topic.
    /// </summary>
    public DateTimeOffset? AsOf =>
        PartitionCount is { } count && Partitions.Count >= count
            && Partitions.Values.All(partition => partition.AsOf is not null)
            ? Partitions.Values.Min(partition => partition.AsOf)
            : null;

    /// <summary>When the partition that was reported least recently was reported.</summary>
    public DateTimeOffset SavedAt => Partitions.Values.Min(partition => partition.SavedAt);

    /// <summary>The link that the oldest partition depends on, as its projector reports it.</summary>
    public string? Problem => Partitions.Values.MinBy(partition => partition.AsOf ?? DateTimeOffset.MinValue)?.Problem;
}
