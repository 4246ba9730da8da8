using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Reconciling;

/// <summary>
/// Compares the versions of write database and documents, and repairs the documents. It runs beside live events;
/// versions guard both, so that neither undoes what the other wrote.
/// </summary>
internal sealed class Reconciliation(WriteApiClient writeApi, IOptions<ProjectorOptions> options, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <summary>Ids to remove that are kept in memory: more are never removed without a confirmation.</summary>
    private const int MaxCandidates = 100_000;

    private const int AlwaysRemovable = 10;

    public async Task<ReconciliationReport> RunAsync(ReconciliationTask task, CancellationToken cancellationToken)
    {
        var report = new ReconciliationReport(task.Reason, time.GetUtcNow()) { DatabaseId = task.DatabaseId };
        List<Guid> candidates = [];
        var differences = VersionComparison.DifferencesAsync(
            writeApi.VersionsAsync(cancellationToken, task.DatabaseId), task.Documents.VersionsAsync(cancellationToken),
            task.Counts, cancellationToken);
        await foreach (var batch in differences.Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            report = await RepairAsync(task, batch, report, candidates, cancellationToken);
            if (task.MayRemoveAll)
                report = await RemoveAsync(task, candidates, report, cancellationToken);
        }

        report = report with { Orders = task.Counts.Write, Documents = task.Counts.Read };
        report = report with { Refusal = Refusal(task, report) };
        if (report.Refusal is null && !task.OnlyCompares)
            report = await RemoveAsync(task, candidates, report, cancellationToken);
        return report with { FinishedAt = time.GetUtcNow() };
    }

    /// <summary>Writes what only adds to the documents; what would remove or set back goes to the candidates.</summary>
    private async Task<ReconciliationReport> RepairAsync(
        ReconciliationTask task, VersionDifference[] differences, ReconciliationReport report,
        List<Guid> candidates, CancellationToken cancellationToken)
    {
        // The current documents count, not the versions streamed a moment ago.
        var current = (await writeApi.DocumentsAsync(
            differences.Select(difference => difference.Id), cancellationToken, task.DatabaseId))
            .ToDictionary(document => document.Id);
        var recent = report.StartedAt - options.Value.ReconciliationGrace;
        List<SerializedOrder> repairs = [];
        foreach (var (id, _, read) in differences)
        {
            task.Differing?.Invoke(id);
            var order = current.GetValueOrDefault(id);
            if (order is null || read > order.Version)
            {
                report = order is null
                    ? report with { Extra = report.Extra + 1 }
                    : report with { Ahead = report.Ahead + 1 };
                if (candidates.Count < MaxCandidates)
                    candidates.Add(id);
                continue;
            }

            repairs.Add(order);
            report = order.Document.UpdatedAt > recent ? report with { InFlight = report.InFlight + 1 }
                : read is null ? report with { Missing = report.Missing + 1 }
                : report with { Behind = report.Behind + 1 };
        }

        return task.OnlyCompares ? report : (await WriteAsync(task, repairs, report, cancellationToken)).Report;
    }

    private async Task<ReconciliationReport> RemoveAsync(
        ReconciliationTask task, List<Guid> candidates, ReconciliationReport report, CancellationToken cancellationToken)
    {
        foreach (var ids in candidates.Chunk(BatchSize))
        {
            await task.Documents.RemoveAsync(ids, cancellationToken);
            var current = await writeApi.DocumentsAsync(ids, cancellationToken, task.DatabaseId);
            report = report with { Removed = report.Removed + ids.Length };
            report = (await WriteAsync(task, current, report, cancellationToken)).Report;
        }

        candidates.Clear();
        return report;
    }

    /// <summary>Writes documents over those that are stored, unless these are newer.</summary>
    public static async Task<(ReconciliationReport Report, IReadOnlyList<IndexOutcome> Outcomes)> WriteAsync(
        ReconciliationTask task, IReadOnlyList<SerializedOrder> documents, ReconciliationReport report,
        CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return (report, []);

        var outcomes = await task.Documents.RepairAsync(documents, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
            task.Written?.Invoke(outcomes[i], documents[i]);
        var rejected = outcomes.Count(outcome => outcome.Result == IndexResult.Rejected);
        return (report with { Rejected = report.Rejected + rejected }, outcomes);
    }

    private string? Refusal(ReconciliationTask task, ReconciliationReport report)
    {
        if (task.MayRemoveAll)
            return null;

        var how = $"Nothing was removed. Restore the write database, or accept its state with "
            + $"POST /reconcile?confirm={task.DatabaseId}.";
        if (task.DatabaseId is null && report.Extra + report.Ahead > 0)
            return "The write API does not name the identity of its database. Nothing was removed.";
        if (report.Ahead > 0)
        {
            return $"The write database is behind the read store for {report.Ahead} orders, as after a restore from an "
                + $"older backup. {how}";
        }

        var removable = Math.Max(AlwaysRemovable, (long)(report.Documents * options.Value.MaxRemovalShare));
        return report.Extra > removable
            ? $"The write database has no order for {report.Extra} of {report.Documents} documents, and at most "
                + $"{removable} are removed without confirmation. {how}"
            : null;
    }
}

/// <summary>What to reconcile, and under which conditions.</summary>
/// <param name="Reason">For the report.</param>
internal sealed record ReconciliationTask(string Reason, IOrderGeneration Documents)
{
    /// <summary>The identity that the write database has; it must not change meanwhile. Null if it is not known.</summary>
    public Guid? DatabaseId { get; init; }

    /// <summary>Whether documents may be removed or set back without limit: an operator confirmed it, or no reader sees them.</summary>
    public bool MayRemoveAll { get; init; }

    /// <summary>Whether the report alone counts, and nothing is repaired.</summary>
    public bool OnlyCompares { get; init; }

    /// <summary>Counts what was compared while it runs.</summary>
    public ComparisonCounts Counts { get; init; } = new();

    /// <summary>Gets each order that differs.</summary>
    public Action<Guid>? Differing { get; init; }

    /// <summary>Gets the outcome of each document that was written.</summary>
    public Action<IndexOutcome, SerializedOrder>? Written { get; init; }
}
