using Shop.Contracts;
using Shop.Projector.DeadLetters;
using Shop.Projector.Telemetry;
using Shop.ReadModel;

namespace Shop.Projector.Projecting;

/// <summary>Projects batches: when it returns, each event is in the store, superseded, or a dead letter.</summary>
internal sealed class BatchProjector(
    ReadStore store, DeadLetterTopic deadLetters, SourceDatabase source, ProjectorMetrics metrics, TimeProvider time)
{
    private static readonly string ErasedType = OrderEventTypes.Of<OrderCustomerErased>();

    public async Task ProjectAsync(EventBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Records.Count > 0)
        {
            metrics.Batch(batch.Records.Count);
            using var spans = BatchSpans.Start(batch);
            await ProjectAsync(BatchProjection.Of(batch.Records), cancellationToken);
            await ErasePreviousAsync(batch.Records, cancellationToken);
            Measure(batch.Records, metrics.WasProjected);
            _ = MeasureSearchableAsync(batch.Records, cancellationToken);
        }

        if (batch.DatabaseId is { } id)
            await source.MeetAsync(id, cancellationToken);
    }

    // A later event of the same batch may have replaced the event of the erasure.
    private async Task ErasePreviousAsync(List<OrderEventRecord> records, CancellationToken cancellationToken)
    {
        OrderVersion[] erased =
        [
            .. from record in records
            where record is { Type: var type, OrderId: not null, Version: not null } && type == ErasedType
            select new OrderVersion(record.OrderId!.Value, record.Version!.Value),
        ];
        if (erased.Length > 0)
            await store.RemovePreviousAsync(erased, cancellationToken);
    }

    private async Task ProjectAsync(BatchProjection projection, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var (record, reason) in projection.Unreadable)
                await AddDeadLetterAsync(record, reason, cancellationToken);
            if (projection.Documents.Count == 0)
                return;

            var outcomes = await store.ApplyAsync(projection.Documents, cancellationToken);
            List<Guid> rejected = [];
            for (var i = 0; i < outcomes.Count; i++)
            {
                var (outcome, document) = (outcomes[i], projection.Documents[i]);
                if (outcome.Result == IndexResult.Rejected)
                {
                    await AddDeadLetterAsync(
                        projection.Sources[i], outcome.Reason ?? "The store rejected it.", cancellationToken);
                    rejected.Add(document.Id);
                    continue;
                }

                if (outcome.Result == IndexResult.AlreadyNewer)
                    metrics.Conflict();
                Resolve(document);
            }

            projection = projection.Fallbacks(rejected);
        }
    }

    private void Resolve(SerializedOrder document)
    {
        if (deadLetters.HasAny)
            deadLetters.Resolve($"{document.Id}", document.Version);
    }

    private Task AddDeadLetterAsync(OrderEventRecord record, string reason, CancellationToken cancellationToken) =>
        deadLetters.AddAsync(record.Result, record.OrderId, record.Version, reason, cancellationToken);

    private async Task MeasureSearchableAsync(List<OrderEventRecord> records, CancellationToken cancellationToken)
    {
        try
        {
            await store.WhenSearchableAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is ReadStoreUnavailableException or OperationCanceledException)
        {
            return;
        }

        Measure(records, metrics.BecameSearchable);
    }

    private void Measure(List<OrderEventRecord> records, Action<Guid?, long?, TimeSpan> measure)
    {
        var now = time.GetUtcNow();
        foreach (var record in records)
        {
            if (record.CommittedAt is { } committedAt)
                measure(record.OrderId, record.Version, now - committedAt);
        }
    }
}
