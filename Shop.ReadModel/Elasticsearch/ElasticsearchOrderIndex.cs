using Shop.Contracts;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The live index, and beside it the one that a rebuild fills.</summary>
internal sealed class ElasticsearchOrderIndex(
    OrderIndices indices,
    OrderCopies copies,
    RefreshLoop refresh,
    FreshnessDocument freshness) : IOrderIndex
{
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
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, copy => copy.ApplyAsync(documents, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, copy => copy.RepairAsync(documents, cancellationToken), cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await copies.Live.RemoveAsync(ids, cancellationToken);
        refresh.MarkDirty(ids.Count);
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        copies.Live.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        copies.Live.ContentHashesAsync(cancellationToken);

    public async Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken)
    {
        await refresh.WhenCleanAsync(cancellationToken);
        await freshness.SaveAsync(report, cancellationToken);
    }

    public Task WhenSearchableAsync(CancellationToken cancellationToken) => refresh.WhenCleanAsync(cancellationToken);

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        freshness.SaveDatabaseIdAsync(id, replaces, cancellationToken);

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents,
        Func<IOrderCopy, Task<IReadOnlyList<IndexOutcome>>> write,
        CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        try
        {
            return await copies.Writer.WriteAsync(write, cancellationToken);
        }
        finally
        {
            refresh.MarkDirty(documents.Count);
        }
    }
}
