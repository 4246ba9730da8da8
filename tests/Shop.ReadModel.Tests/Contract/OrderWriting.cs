using Shop.Contracts;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Lets tests write order documents without serializing each by hand.</summary>
internal static class OrderWriting
{
    public static Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        this IOrderCopy copy, IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        copy.ApplyAsync([.. documents.Select(SerializedOrder.From)], cancellationToken);

    public static Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        this IOrderCopy copy, IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        copy.RepairAsync([.. documents.Select(SerializedOrder.From)], cancellationToken);
}
