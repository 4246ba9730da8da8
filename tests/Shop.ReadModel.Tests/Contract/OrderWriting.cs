using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Lets tests write order documents without serializing each by hand.</summary>
internal static class OrderWriting
{
    public static Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        this IOrderGeneration generation, IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        generation.ApplyAsync([.. documents.Select(SerializedOrder.From)], cancellationToken);

    public static Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        this IOrderGeneration generation, IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        generation.RepairAsync([.. documents.Select(SerializedOrder.From)], cancellationToken);

    public static Task CutOverAsync(this IIndexGenerations generations, CancellationToken cancellationToken) =>
        generations.CutOverAsync(
            new(RebuildOutcome.Completed, Generation: null, IsRollback: false, DateTimeOffset.UnixEpoch),
            cancellationToken);

    /// <summary>Cancels the rebuild or rollback that is running, if one is.</summary>
    public static async Task AbandonAsync(this IIndexGenerations generations)
    {
        var shadow = (await generations.ReadAsync(default)).Shadow;
        await generations.AbandonShadowAsync(
            new(RebuildOutcome.Cancelled, shadow, IsRollback: false, DateTimeOffset.UnixEpoch), default);
    }
}
