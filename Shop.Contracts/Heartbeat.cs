namespace Shop.Contracts;

/// <summary>
/// A record that the relay publishes to every partition of <see cref="Topics.Orders"/>, once a second unless configured
/// otherwise. It takes the same way as events, behind all that were committed before it.
/// </summary>
/// <remarks>
/// Its headers are <see cref="EventHeaders.Type"/>, <see cref="EventHeaders.Time"/>, the commit time of the heartbeat in
/// the write database, and <see cref="EventHeaders.DatabaseId"/>. Once a reader has projected everything before a
/// heartbeat, every commit before that time is visible, as far as the partition is concerned.
/// </remarks>
public static class Heartbeat
{
    /// <summary>The value of <see cref="EventHeaders.Type"/>.</summary>
    public const string Type = "shop.heartbeat.v1";

    /// <summary>The record's value. It is not null, so that compaction keeps the newest of each partition.</summary>
    public const string Value = "{}";

    /// <summary>The record's key: one for each partition, so that compaction removes the older ones.</summary>
    public static string Key(int partition) => $"heartbeat-{partition}";
}
