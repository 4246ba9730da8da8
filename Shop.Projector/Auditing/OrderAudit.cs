using Microsoft.Extensions.Options;
using Shop.Projector.Parking;
using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;
using Shop.ReadModel;

namespace Shop.Projector.Auditing;

/// <summary>
/// Compares the versions of both sides and makes the store equal to the write side. It runs beside the live events,
/// which its snapshots may have missed; versions guard both, so that neither undoes what the other did.
/// </summary>
internal sealed class OrderAudit(
    WriteSide writeSide, IOrderIndex index, ReadStore store, ParkedOrders parked, ProjectorMetrics metrics,
    IOptions<ProjectorOptions> options, TimeProvider time)
{
    private const int BatchSize = 500;

    public async Task<AuditReport> RunAsync(string reason, CancellationToken cancellationToken)
    {
        var counts = new AuditCounts();
        var report = new AuditReport(reason, time.GetUtcNow());
        List<VersionDifference> batch = new(BatchSize);
        await foreach (var difference in VersionComparison.DifferencesAsync(
            writeSide.VersionsAsync(cancellationToken), index.VersionsAsync(cancellationToken), counts,
            cancellationToken))
        {
            batch.Add(difference);
            if (batch.Count < BatchSize)
                continue;
            report = await HealAsync(batch, report, cancellationToken);
            batch.Clear();
        }

        report = await HealAsync(batch, report, cancellationToken);
        metrics.Differences(report.Differences);
        return report with { FinishedAt = time.GetUtcNow(), Orders = counts.Write, Documents = counts.Read };
    }

    private async Task<AuditReport> HealAsync(
        List<VersionDifference> differences, AuditReport report, CancellationToken cancellationToken)
    {
        if (differences.Count == 0)
            return report;

        // What the write side says now counts, not what it said when its versions were streamed.
        var states = (await writeSide.StatesAsync(differences.Select(difference => difference.Id), cancellationToken))
            .ToDictionary(state => state.Id);
        var recent = report.StartedAt - options.Value.AuditGrace;
        List<OrderDocument> documents = [];
        List<Guid> remove = [];
        foreach (var (id, write, read) in differences)
        {
            var isMissing = !states.TryGetValue(id, out var state);
            var isAhead = !isMissing && read > state!.Version;
            if (isMissing || isAhead)
                remove.Add(id);
            if (!isMissing)
                documents.Add(OrderProjection.Project(state!));
            var isOnItsWay = state?.UpdatedAt > recent && !isAhead;
            report = isOnItsWay ? report with { OnTheirWay = report.OnTheirWay + 1 } : report.Counting(write, read);
        }

        if (remove.Count > 0)
            await index.RemoveAsync(remove, cancellationToken);
        var rejected = await WriteAsync(documents, cancellationToken);
        return report with { Rejected = report.Rejected + rejected };
    }

    private async Task<int> WriteAsync(List<OrderDocument> documents, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return 0;

        var rejected = 0;
        var outcomes = await store.RepairAsync(documents, cancellationToken);
        for (var i = 0; i < outcomes.Count; i++)
        {
            var id = outcomes[i].OrderId.ToString();
            if (outcomes[i].Result != IndexResult.Rejected)
            {
                parked.Unpark(id);
                continue;
            }

            rejected++;
            if (!parked.Contains(id))
                parked.Park(id, outcomes[i].Reason ?? "The store refuses it.", coordinates: null, documents[i]);
        }

        return rejected;
    }
}
