using System.Text.Json.Serialization;
using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>
/// The index generations of a read store: the live one, which readers use, the shadow, which a rebuild fills, and the
/// previous one, which is kept for a rollback. All state is in the store, so that any process can start, resume or
/// abandon a rebuild. While there is a shadow, every write to the live generation goes to the shadow first (dual
/// write).
/// </summary>
public interface IIndexGenerations
{
    /// <summary>The documents of the shadow only.</summary>
    IOrderGeneration Shadow { get; }

    Task<GenerationState> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The number of documents in the live generation, to estimate how long a rebuild takes.</summary>
    Task<long> CountLiveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates an empty shadow, or resumes with the existing one. Completes when every process writes to it. From then
    /// on, the contents of the write database plus the dual writes complete the shadow.
    /// </summary>
    Task CreateShadowAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Resumes with a shadow that another process has created or left behind, and withdraws the announcement of a
    /// cutover. Completes when every process writes to the shadow. Never creates a shadow.
    /// </summary>
    Task ResumeShadowAsync(string shadow, CancellationToken cancellationToken);

    /// <summary>Makes the previous generation the shadow, which then has to catch up.</summary>
    /// <exception cref="InvalidOperationException">There is no previous generation, or a shadow exists.</exception>
    Task BeginRollbackAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the shadow live in one atomic step and keeps the live generation as the previous one. A version that was
    /// searchable before is searchable afterwards.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no shadow.</exception>
    Task CutOverAsync(RebuildRecord completed, CancellationToken cancellationToken);

    /// <summary>
    /// Abandons the shadow for good, so that no process can cut over to it. The shadow is dropped, or becomes the
    /// previous generation again if it was part of a rollback.
    /// </summary>
    /// <returns>False if <see cref="RebuildRecord.Generation"/> is not the shadow.</returns>
    Task<bool> AbandonShadowAsync(RebuildRecord reason, CancellationToken cancellationToken);

    /// <summary>
    /// Removes documents that are older than these versions from the previous generation, which events do not reach.
    /// A rollback brings them back in their current version.
    /// </summary>
    Task RemovePreviousAsync(IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken);

    /// <summary>Counts the documents that are older than these versions, wherever they are.</summary>
    Task<OlderDocuments> CountOlderAsync(IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken);
}

/// <summary>Numbers of documents that are older than some version.</summary>
public readonly record struct OlderDocuments(int Live, int Shadow, int Previous, int Cached);

/// <param name="Shadow">The generation that a rebuild or rollback is filling, if there is one.</param>
/// <param name="Previous">
/// The generation that was live before; equal to <paramref name="Shadow"/> in a rollback.
/// </param>
/// <param name="IsCuttingOver">
/// A cutover is announced: writes must be searchable in the shadow before they are searchable in the live generation.
/// </param>
/// <param name="Last">How the last rebuild or rollback ended.</param>
public sealed record GenerationState(
    string Live, string? Shadow, string? Previous, bool IsCuttingOver = false, RebuildRecord? Last = null)
{
    public bool IsRollback => Shadow is not null && Shadow == Previous;
}

/// <summary>How a rebuild or rollback ended.</summary>
/// <param name="Generation">The generation that it filled.</param>
/// <param name="Orders">The orders in the write database; null unless it completed.</param>
/// <param name="Reason">Why it was given up.</param>
public sealed record RebuildRecord(
    RebuildOutcome Outcome, string? Generation, bool IsRollback, DateTimeOffset FinishedAt,
    DateTimeOffset? StartedAt = null, long? Orders = null, string? Reason = null)
{
    /// <summary>Whether a generation was abandoned. It may still exist.</summary>
    internal bool Abandons(string? generation) =>
        Outcome != RebuildOutcome.Completed && generation is not null && generation == Generation;
}

[JsonConverter(typeof(JsonStringEnumConverter<RebuildOutcome>))]
public enum RebuildOutcome
{
    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>It could not be completed; see <see cref="RebuildRecord.Reason"/>.</summary>
    [JsonStringEnumMemberName("givenUp")]
    GivenUp,
}

/// <summary>
/// The operations of a store that <see cref="DualWriter"/> uses in addition to <see cref="IIndexGenerations"/>.
/// </summary>
internal interface IGenerationStore : IIndexGenerations
{
    IOrderGeneration Live { get; }

    /// <summary>Makes everything that was written to the shadow searchable.</summary>
    Task MakeShadowSearchableAsync(CancellationToken cancellationToken);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RebuildRecord))]
internal sealed partial class RebuildRecordJson : JsonSerializerContext;
