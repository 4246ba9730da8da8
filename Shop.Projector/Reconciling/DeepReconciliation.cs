using System.Runtime.CompilerServices;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Reconciling;

/// <summary>
/// Finds documents of the right version with other content, by the hash of their JSON, and repairs them. It follows a
/// reconciliation, which has repaired every other version.
/// </summary>
internal sealed class DeepReconciliation(WriteApiClient writeApi)
{
    private const int BatchSize = 500;

    public async Task<ReconciliationReport> RunAsync(
        ReconciliationTask task, ReconciliationReport report, CancellationToken cancellationToken)
    {
        await foreach (var batch in DifferentAsync(task, cancellationToken).Chunk(BatchSize).WithCancellation(cancellationToken))
            report = await RepairAsync(task, batch, report, cancellationToken);
        return report;
    }

    private async IAsyncEnumerable<SerializedOrder> DifferentAsync(
        ReconciliationTask task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stored = task.Documents.ContentHashesAsync(cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        var hasStored = await stored.MoveNextAsync();
        await foreach (var order in writeApi.DocumentsAsync(cancellationToken, task.DatabaseId))
        {
            while (hasStored && stored.Current.Id.CompareTo(order.Id) < 0)
                hasStored = await stored.MoveNextAsync();
            if (!hasStored || !HasOtherContent(stored.Current, order))
                continue;

            task.Differing?.Invoke(order.Id);
            yield return order;
        }
    }

    private static bool HasOtherContent(StoredContent stored, SerializedOrder order) =>
        stored.Id == order.Id && stored.Version == order.Version
            && stored.Hash != StoredContent.HashOf(order.Json.Span);

    private static async Task<ReconciliationReport> RepairAsync(
        ReconciliationTask task, SerializedOrder[] documents, ReconciliationReport report,
        CancellationToken cancellationToken)
    {
        var (repaired, outcomes) = await Reconciliation.WriteAsync(task, documents, report, cancellationToken);
        // A newer version that was stored meanwhile is not a difference.
        return repaired with
        {
            Different = repaired.Different + outcomes.Count(outcome => outcome.Result != IndexResult.AlreadyNewer),
        };
    }
}
