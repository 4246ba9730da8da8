using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Auditing;

/// <summary>
/// Compares the versions of both sides and makes a copy of the documents equal to the write side. It runs beside the
/// live events, which its snapshots may have missed; versions guard both, so that neither undoes what the other did.
/// </summary>
internal sealed class OrderAudit(WriteSide writeSide, IOptions<ProjectorOptions> options, TimeProvider time)
{
    private const int BatchSize = 500;

    /// <param name="settle">Takes what became of each document that was written.</param>
    public async Task<AuditReport> RunAsync(
        string reason, IOrderGeneration copy, Action<IndexOutcome, OrderDocument> settle, AuditCounts counts,
        CancellationToken cancellationToken)
    {
        var report = new AuditReport(reason, time.GetUtcNow());
        List<VersionDifference> batch = new(BatchSize);
        await foreach (var difference in VersionComparison.DifferencesAsync(
            writeSide.VersionsAsync(cancellationToken), copy.VersionsAsync(cancellationToken), counts,
            cancellationToken))
        {
            batch.Add(difference);
            if (batch.Count < BatchSize)
                continue;
            report = await HealAsync(copy, batch, report, settle, cancellationToken);
            batch.Clear();
        }

        report = await HealAsync(copy, batch, report, settle, cancellationToken);
        return report with { FinishedAt = time.GetUtcNow(), Orders = counts.Write, Documents = counts.Read };
    }

    private async Task<AuditReport> HealAsync(
        IOrderGeneration copy, List<VersionDifference> differences, AuditReport report,
        Action<IndexOutcome, OrderDocument> settle, CancellationToken cancellationToken)
    {
        if (differences.Count == 0)
            return report;

        // What the write side says now counts, not what it said when its versions were streamed.
        var states = (await writeSide.StatesAsync(differences.Select(difference => difference.Id), cancellationToken))
            .ToDictionary(state => state.Id);
        var recent = report.StartedAt - options.Value.AuditGrace;
        List<SerializedOrder> documents = [];
        List<Guid> remove = [];
        foreach (var (id, write, read) in differences)
        {
            var isMissing = !states.TryGetValue(id, out var state);
            var isAhead = !isMissing && read > state!.Version;
            if (isMissing || isAhead)
                remove.Add(id);
            if (!isMissing)
                documents.Add(SerializedOrder.From(state!));
            var isOnItsWay = state?.UpdatedAt > recent && !isAhead;
            report = isOnItsWay ? report with { OnTheirWay = report.OnTheirWay + 1 } : report.Counting(write, read);
        }

        if (remove.Count > 0)
            await copy.RemoveAsync(remove, cancellationToken);
        if (documents.Count == 0)
            return report;

        var outcomes = await copy.RepairAsync(documents, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
            settle(outcomes[i], documents[i].Document);
        var rejected = outcomes.Count(outcome => outcome.Result == IndexResult.Rejected);
        return report with { Rejected = report.Rejected + rejected };
    }
}
