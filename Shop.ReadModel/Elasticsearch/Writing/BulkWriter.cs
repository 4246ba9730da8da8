using Elastic.Transport;
using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>
/// Writes batches through an alias, guarded by version. Reads the result of every item, retries items that failed
/// temporarily, and repairs documents that were edited outside of Shop.
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
                throw new ReadStoreUnavailableException($"Elasticsearch: a bulk is incomplete after {Attempts} attempts: {batch.LastError}");

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
                throw new ReadStoreUnavailableException($"Elasticsearch: a document could not be removed: {item.Result.Error}");
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
                    batch.Reject(body.Positions[0], "The document exceeds the server's request size limit (http.max_content_length).");
                else
                    throw new ReadStoreUnavailableException($"Elasticsearch rejected a bulk request: {answer.Text}");
            }
        });
    }

    // Without require_alias, a bulk request to a missing index would create one without the mapping.
    private Task<RestAnswer> PostAsync(string alias, PostData body, CancellationToken cancellationToken)
    {
        var path = $"/{alias}/_bulk?require_alias=true&filter_path={BulkAnswer.FilterPath}";
        return rest.SendAsync(HttpMethod.POST, path, cancellationToken, body, options.BulkTimeout);
    }

    private static TimeSpan Pause(int attempt) =>
        FirstPause * (1 << attempt) * (0.5 + Random.Shared.NextDouble());
}
