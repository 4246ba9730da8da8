using System.ComponentModel.DataAnnotations;

namespace Shop.ReadApi.Live;

/// <summary>The configuration section <c>Live</c>.</summary>
internal sealed class LiveOptions
{
    /// <summary>The maximum number of open streams. Further requests are answered with 503.</summary>
    [Range(0, 100_000)]
    public int MaxStreams { get; set; } = 2_000;

    /// <summary>The maximum number of open streams of one identity. Further requests are answered with 429.</summary>
    [Range(1, 100_000)]
    public int MaxStreamsPerIdentity { get; set; } = 50;

    /// <summary>The interval between reads of the store while there are streams.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>The number of reads with changes that a stream may be behind. Then it is closed.</summary>
    [Range(1, 10_000)]
    public int MaxBehind { get; set; } = 50;

    /// <summary>The maximum number of changes, of all orders, that are repeated to a client that resumes.</summary>
    [Range(0, 10_000_000)]
    public int MaxReplayed { get; set; } = 10_000;
}
