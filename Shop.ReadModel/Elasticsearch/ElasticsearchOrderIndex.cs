using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The live index, and beside it the one that a rebuild fills.</summary>
internal sealed class ElasticsearchOrderIndex(
    OrderIndices indices,
    IndexDefinition definition,
    OrderCopies copies,
    RefreshLoop refresh,
    FreshnessDocument freshness) : IOrderIndex
{
    private readonly ElasticsearchOrderCopy _live = copies.Get(definition.Alias);
    private readonly ElasticsearchOrderCopy _next = copies.Get(definition.NextAlias);
    private string? _known;

    public async Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        await freshness.EnsureCreatedAsync(cancellationToken);
        var live = await indices.EnsureLiveAsync(cancellationToken);
        var known = Interlocked.Exchange(ref _known, live.Uuid);
        // What a process that stopped has written may not be searchable yet.
        refresh.MarkDirty(documents: 0);
        // Another process may have put it right: what was written to the index before is missing all the same.
        if (live.IsPutRight || (known is not null && known != live.Uuid && !copies.IsSwitchedTo(live.Name)))
            return IndexState.Created;

        return live.IsCurrent ? IndexState.Ready : IndexState.Outdated;
    }

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, (copy, token) => copy.ApplyAsync(documents, token), cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<OrderDocument> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, (copy, token) => copy.RepairAsync(documents, token), cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await _live.RemoveAsync(ids, cancellationToken);
        refresh.MarkDirty(ids.Count);
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        _live.VersionsAsync(cancellationToken);

    public async Task SaveFreshnessAsync(
        IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken)
    {
        await refresh.WhenCleanAsync(cancellationToken);
        await freshness.SaveAsync(asOf, cancellationToken);
    }

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<OrderDocument> documents,
        Func<ElasticsearchOrderCopy, CancellationToken, Task<IReadOnlyList<IndexOutcome>>> write,
        CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        try
        {
            return await copies.HasNextAsync(cancellationToken)
                ? await WriteToBothAsync(write, cancellationToken)
                : await write(_live, cancellationToken);
        }
        finally
        {
            refresh.MarkDirty(documents.Count);
        }
    }

    private async Task<IReadOnlyList<IndexOutcome>> WriteToBothAsync(
        Func<ElasticsearchOrderCopy, CancellationToken, Task<IReadOnlyList<IndexOutcome>>> write,
        CancellationToken cancellationToken)
    {
        var toNext = WriteToNextAsync(write, cancellationToken);
        var outcomes = await write(_live, cancellationToken);
        // A document that only an outdated mapping refuses is not the order's fault.
        return await toNext is { } others
            ? [.. outcomes.Zip(others, (live, next) => live.Result is IndexResult.Rejected ? next : live)]
            : outcomes;
    }

    private async Task<IReadOnlyList<IndexOutcome>?> WriteToNextAsync(
        Func<ElasticsearchOrderCopy, CancellationToken, Task<IReadOnlyList<IndexOutcome>>> write,
        CancellationToken cancellationToken)
    {
        try
        {
            return await write(_next, cancellationToken);
        }
        catch (ReadStoreUnavailableException)
        {
            copies.Forget();
            if (await copies.HasNextAsync(cancellationToken))
                throw;

            return null;
        }
    }
}
