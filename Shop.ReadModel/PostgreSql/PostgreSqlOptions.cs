using System.ComponentModel.DataAnnotations;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The configuration section <c>PostgreSql</c>.</summary>
public sealed class PostgreSqlOptions
{
    /// <summary>
    /// The maximum age of a process' view of the index generations. A rebuild waits twice as long when it changes them.
    /// </summary>
    public TimeSpan GenerationsLifetime { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The maximum time that a live write waits for the shadow. Then the rebuild is given up.</summary>
    public TimeSpan ShadowTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Statistics read the table in slices of this many blocks, which have 8 KiB: 1,000 are about 12,000 orders.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int StatisticsBlocks { get; set; } = 1_000;

    /// <summary>The time between two slices, in which statistics leave the processors to other queries.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan StatisticsRest { get; set; } = TimeSpan.FromMilliseconds(20);

    internal DualWriteOptions DualWrite => new(GenerationsLifetime, ShadowTimeout);
}
