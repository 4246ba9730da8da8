using Elastic.Transport;
using HttpMethod = Elastic.Transport.HttpMethod;
using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Writes batches behind an alias, guarded by version. The outcome of every item is read; what can be tried again is,
/// item by item, and what others have changed by hand is put right.
/// </summary>
internal sealed class BulkWriter(
    ElasticsearchRest rest, ConflictResolver conflicts, ElasticsearchOptions options, TimeProvider time)
{
    private const int Attempts = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);

    private readonly BulkLimits _limits = new(options.BulkDocuments, options.BulkBytes);

    public async Task<IndexOutcome[]> WriteAsync(
        string alias, IReadOnlyList<SerializedOrder> documents, VersionGuard guard, CancellationToken cancellationToken)
    {
        var batch = new BulkBatch(documents);
        for (var attempt = 0; batch.Pending.Count > 0; attempt++)
        {
            if (attempt == Attempts)
                throw new ReadStoreUnavailableException($"Elasticsearch did not take all documents: {batch.LastError}");

            if (attempt > 0)
                await Task.Delay(Pause(attempt), time, cancellationToken);

            await SendAsync(alias, batch, guard, cancellationToken);
            if (batch.Conflicts.Count > 0)
                await conflicts.ResolveAsync(alias, batch, cancellationToken);
        }

        return batch.Outcomes;
    }

    public async Task RemoveAsync(string alias, IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        var lines = ids.Select(id => $$$"""{"delete":{"_id":"{{{id:D}}}"}}""" + "\n");
        var answer = await PostAsync(alias, PostData.String(string.Concat(lines)), cancellationToken);
        foreach (var item in BulkAnswer.Read(answer.Body).Items)
        {
            if (item.Result is { Status: not (200 or 404) } or { Error: not null })
                throw new ReadStoreUnavailableException($"Elasticsearch did not remove all: {item.Result.Error}");
        }
    }

    private async Task SendAsync(string alias, BulkBatch batch, VersionGuard guard, CancellationToken cancellationToken)
    {
        var bodies = BulkBody.Split(batch.Documents, batch.TakePending(), guard, _limits);
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.BulksInFlight,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(bodies, parallel, async (body, token) =>
        {
            using (body)
            {
                var answer = await PostAsync(alias, PostData.ReadOnlyMemory(body.Bytes), token);
                if (answer.IsSuccess)
                    batch.Take(body.Positions, BulkAnswer.Read(answer.Body));
                else if (answer.Status == 413 && body.Positions.Count == 1)
                    batch.Reject(body.Positions[0], "The document is bigger than the server takes.");
                else
                    throw new ReadStoreUnavailableException($"Elasticsearch refuses a bulk: {answer.Text}");
            }
        });
    }

    // Without require_alias, a bulk to an index that is gone would make one without our mapping.
    private Task<RestAnswer> PostAsync(string alias, PostData body, CancellationToken cancellationToken)
    {
        var path = $"/{alias}/_bulk?require_alias=true&filter_path={BulkAnswer.FilterPath}";
        return rest.SendAsync(HttpMethod.POST, path, cancellationToken, body, options.BulkTimeout);
    }

    private static TimeSpan Pause(int attempt) =>
        FirstPause * (1 << attempt) * (0.5 + Random.Shared.NextDouble());
}
