namespace Shop.ReadModel;

/// <summary>How complete the documents of one projector's partitions are.</summary>
/// <param name="AsOf">
/// For each partition, the moment before which every commit is visible; null if unknown.
/// </param>
/// <param name="PartitionCount">The number of partitions of the topic; null if unknown.</param>
/// <param name="SavedAt">The time of the report, by the projector's clock.</param>
/// <param name="Problem">The link that currently holds the as-of times back, with a description.</param>
public sealed record FreshnessReport(
    IReadOnlyDictionary<int, DateTimeOffset?> AsOf, int? PartitionCount, DateTimeOffset SavedAt, string? Problem);

/// <summary>The last report about one partition. Its as-of time never decreases.</summary>
public sealed record PartitionFreshness(DateTimeOffset? AsOf, DateTimeOffset SavedAt, string? Problem);

/// <summary>How complete the store is, according to the last report about each partition.</summary>
/// <param name="DatabaseId">The write database that the documents come from; null if none is recorded.</param>
public sealed record Freshness(
    IReadOnlyDictionary<int, PartitionFreshness> Partitions, int? PartitionCount, Guid? DatabaseId)
{
    /// <summary>
    /// Every commit before this moment is visible. Null if this is unknown for a partition of the topic.
    /// </summary>
    public DateTimeOffset? AsOf =>
        PartitionCount is { } count && Partitions.Count >= count
            && Partitions.Values.All(partition => partition.AsOf is not null)
            ? Partitions.Values.Min(partition => partition.AsOf)
            : null;

    /// <summary>The time of the oldest report among all partitions.</summary>
    public DateTimeOffset SavedAt => Partitions.Values.Min(partition => partition.SavedAt);

    /// <summary>The link that holds the oldest partition back, as reported by its projector.</summary>
    public string? Problem => Partitions.Values.MinBy(partition => partition.AsOf ?? DateTimeOffset.MinValue)?.Problem;
}
