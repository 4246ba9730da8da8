using Shop.Contracts;
using Shop.Projector.Consuming;
using Shop.Projector.Parking;
using Shop.Projector.Telemetry;
using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>Takes a batch from the log into the store. On return every event is in the store or parked.</summary>
internal sealed class BatchProjector(
    ReadStore store, EventParking parking, ProjectorMetrics metrics, VersionGaps gaps, TimeProvider time)
{
    public async Task ProjectAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        // A batch of heartbeats alone.
        if (batch.Records.Count == 0)
            return;

        metrics.Batch(batch.Records.Count);
        using var spans = BatchSpans.Start(batch);
        var records = await parking.WithoutParkedAsync(batch.Records, cancellationToken);
        var projection = BatchProjection.Of(records);
        foreach (var (record, reason) in projection.Unreadable)
            await parking.ParkAsync(record, reason, document: null, cancellationToken);

        if (projection.Documents.Count == 0)
            return;

        var outcomes = await store.ApplyAsync(projection.Documents, cancellationToken);
        var now = time.GetUtcNow();
        for (var i = 0; i < outcomes.Count; i++)
            await SettleAsync(outcomes[i], projection.Sources[i], projection.Documents[i], now, cancellationToken);
    }

    private async ValueTask SettleAsync(
        IndexOutcome outcome, OrderEventRecord record, SerializedOrder document, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        switch (outcome.Result)
        {
            case IndexResult.Rejected:
                await parking.ParkAsync(record, outcome.Reason ?? "The store refuses it.", document.Document, cancellationToken);
                return;
            case IndexResult.AlreadyNewer:
                metrics.Conflict();
                break;
            case IndexResult.Applied when gaps.Follows(document.Id, document.Version) is false:
                metrics.Gap();
                break;
        }

        if (record.OccurredAt is { } occurredAt)
            metrics.Searchable(now - occurredAt);
    }
}
