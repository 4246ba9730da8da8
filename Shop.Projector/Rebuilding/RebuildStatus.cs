using System.Text.Json.Serialization;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <param name="IsRunning">Whether there is a copy that is being filled, by this projector or another one.</param>
/// <param name="Progress">Null where another projector drives it, or none yet.</param>
/// <param name="Last">What became of the last one that this projector drove.</param>
/// <param name="Trouble">Why the one that runs had to start again, where it did.</param>
internal sealed record RebuildStatus(
    bool IsRunning, bool IsRollback, RebuildProgressReport? Progress, StoreCopies Copies, RebuildResult? Last,
    string? Trouble);

/// <param name="Orders">Orders that the write side had.</param>
internal sealed record RebuildResult(
    RebuildOutcome Outcome, bool IsRollback, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, long Orders);

[JsonConverter(typeof(JsonStringEnumConverter<RebuildOutcome>))]
internal enum RebuildOutcome
{
    [JsonStringEnumMemberName("switched")]
    Switched,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,
}
