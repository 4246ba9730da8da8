using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Reconciling;

/// <summary>Compares the content of every document with the write database, and repairs those that differ.</summary>
internal sealed class DeepReconciliation(WriteApiClient writeApi, IOrderIndex index)
{
    private const int BatchSize = 500;

    public async Task<ReconciliationReport> RunAsync(
        ReconciliationTask task, ReconciliationReport report, CancellationToken cancellationToken)
    {
        List<SerializedOrder> batch = new(BatchSize);
        await foreach (var document in writeApi.DocumentsAsync(cancellationToken, task.DatabaseId))
        {
            batch.Add(document);
            if (batch.Count < BatchSize)
                continue;
            report = await RepairAsync(task, batch, report, cancellationToken);
            batch.Clear();
        }

        return await RepairAsync(task, batch, report, cancellationToken);
    }

    private async Task<ReconciliationReport> RepairAsync(
        ReconciliationTask task, List<SerializedOrder> documents, ReconciliationReport report,
        CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return report;

        var stored = await index.ReadDocumentsAsync([.. documents.Select(document => document.Id)], cancellationToken);
        var different = documents.FindAll(document => !stored.TryGetValue(document.Id, out var json)
            || !IsEqual(document, json));
        if (different.Count == 0)
            return report;

        foreach (var document in different)
            task.Differing?.Invoke(document.Id);
        var outcomes = await task.Documents.RepairAsync(different, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
            task.Written?.Invoke(outcomes[i], different[i]);
        // A newer version that was stored meanwhile is not a difference.
        return report with
        {
            Different = report.Different + outcomes.Count(outcome => outcome.Result == IndexResult.Applied),
            Rejected = report.Rejected + outcomes.Count(outcome => outcome.Result == IndexResult.Rejected),
        };
    }

    private static bool IsEqual(SerializedOrder document, ReadOnlyMemory<byte> stored)
    {
        if (document.Json.Span.SequenceEqual(stored.Span))
            return true;

        try
        {
            // The write API may have spelled the same document differently in the event.
            return SerializedOrder.From(document.Document).Json.Span.SequenceEqual(
                SerializedOrder.From(SerializedOrder.Parse(stored).Document).Json.Span);
        }
        catch (UnreadableEventException)
        {
            return false;
        }
    }
}
