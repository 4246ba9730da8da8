using System.Text.Json.Serialization;
using Shop.Projector.Auditing;

namespace Shop.Projector.Rebuilding;

/// <summary>How far a rebuild has come, counted by those who do it.</summary>
internal sealed class RebuildProgress(TimeProvider time)
{
    /// <summary>What filling takes of the whole, in percent; the rest is comparing.</summary>
    private const double FillShare = 90;

    private readonly long _started = time.GetTimestamp();
    private long _filled;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public RebuildPhase Phase { get; set; }

    /// <summary>What the comparison that runs has seen.</summary>
    public AuditCounts Compared { get; set; } = new();

    /// <summary>Begins again from nothing counted.</summary>
    public void Begin()
    {
        Volatile.Write(ref _filled, 0);
        Phase = RebuildPhase.Filling;
    }

    /// <summary>Counts orders that the copy has.</summary>
    public void Add(int orders) => Interlocked.Add(ref _filled, orders);

    /// <summary>Orders that the write side has; 0 while they are not counted.</summary>
    public long Orders { get; set; }

    public RebuildProgressReport Report()
    {
        var (filled, orders) = (Volatile.Read(ref _filled), Orders);
        var percent = orders == 0 ? default(double?) : Phase switch
        {
            RebuildPhase.Filling => FillShare * Math.Min(1, (double)filled / orders),
            RebuildPhase.Comparing => FillShare + ((99 - FillShare) * Math.Min(1, (double)Compared.Write / orders)),
            _ => 99,
        };
        var remaining = percent > 0 ? time.GetElapsedTime(_started) * ((100 - percent) / percent) : null;
        return new(Phase, StartedAt, orders == 0 ? null : orders, filled, percent, remaining?.TotalSeconds);
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<RebuildPhase>))]
internal enum RebuildPhase
{
    [JsonStringEnumMemberName("filling")]
    Filling,

    [JsonStringEnumMemberName("comparing")]
    Comparing,

    [JsonStringEnumMemberName("switching")]
    Switching,
}

/// <param name="Orders">How many the write side has; null while they are not counted.</param>
/// <param name="Filled">How many of them the new copy was given or had.</param>
/// <param name="RemainingSeconds">An estimate.</param>
internal sealed record RebuildProgressReport(
    RebuildPhase Phase, DateTimeOffset StartedAt, long? Orders, long Filled, double? Percent, double? RemainingSeconds);
