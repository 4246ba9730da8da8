using System.Globalization;

namespace Shop.Contracts;

/// <summary>
/// A record that the relay publishes to every partition about once a second. It travels the same way as events: what
/// was committed before <see cref="EventHeaders.Time"/> and belongs to the partition precedes it in the log.
/// </summary>
public static class Heartbeat
{
    /// <summary>The value of <see cref="EventHeaders.Type"/>.</summary>
    public const string Type = "shop.heartbeat.v1";

    /// <summary>One key a partition, so that compaction keeps the newest.</summary>
    public static string Key(int partition) => $"heartbeat-{partition.ToString(CultureInfo.InvariantCulture)}";
}
