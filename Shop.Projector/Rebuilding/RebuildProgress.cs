using System.Text.Json.Serialization;
using Shop.Projector.Reconciling;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>The progress of a rebuild that this projector drives.</summary>
internal sealed class RebuildProgress(bool isRollback, TimeProvider time)
{
    /// <summary>The percentage that stands for filling; the rest stands for catching up.</summary>
    private const double FillShare = 90;

    private readonly long _started = time.GetTimestamp();
    private long _filled;

    public bool IsRollback { get; } = isRollback;

    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public RebuildPhase Phase { get; set; }

    /// <summary>An estimate of the number of orders; 0 if unknown.</summary>
    public long Orders { get; set; }

    public long Filled => Volatile.Read(ref _filled);

    /// <summary>The number of orders that the running comparison has read.</summary>
    public ComparisonCounts Compared { get; set; } = new();

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; set; }

    public void StartFilling()
    {
        Volatile.Write(ref _filled, 0);
        Phase = RebuildPhase.Filling;
    }

    public void AddFilled(int orders) => Interlocked.Add(ref _filled, orders);

    public RebuildProgressReport Report()
    {
        var percent = Orders == 0 ? default(double?) : Phase switch
        {
            RebuildPhase.Filling => FillShare * Math.Min(1, (double)Filled / Orders),
            RebuildPhase.CatchingUp => FillShare + ((99 - FillShare) * Math.Min(1, (double)Compared.Write / Orders)),
            _ => 99,
        };
        var remaining = percent > 0 ? time.GetElapsedTime(_started) * ((100 - percent) / percent) : null;
        return new(Phase, StartedAt, Orders == 0 ? null : Orders, Filled, percent, remaining?.TotalSeconds);
    }
}

[JsonConverter(typeof(JsonStringEnumConverter<RebuildPhase>))]
internal enum RebuildPhase
{
    [JsonStringEnumMemberName("filling")]
    Filling,

    [JsonStringEnumMemberName("catchingUp")]
    CatchingUp,

    [JsonStringEnumMemberName("cuttingOver")]
    CuttingOver,

    [JsonStringEnumMemberName("ended")]
    Ended,
}

/// <param name="Orders">An estimate: the documents of the live generation at the start.</param>
/// <param name="Filled">The orders that the shadow received or already had.</param>
/// <param name="RemainingSeconds">An estimate.</param>
internal sealed record RebuildProgressReport(
    RebuildPhase Phase, DateTimeOffset StartedAt, long? Orders, long Filled, double? Percent, double? RemainingSeconds);

/// <param name="IsRunning">Whether there is a shadow that is being filled, by this projector or another one.</param>
/// <param name="Progress">Null if this projector does not drive the rebuild.</param>
/// <param name="Last">How the last rebuild or rollback ended, in any projector.</param>
/// <param name="LastError">Why the last attempt of the running rebuild failed.</param>
internal sealed record RebuildStatus(
    bool IsRunning, bool IsRollback, RebuildProgressReport? Progress, RebuildGenerations Generations,
    RebuildRecord? Last, string? LastError);

internal sealed record RebuildGenerations(string Live, string? Shadow, string? Previous);
