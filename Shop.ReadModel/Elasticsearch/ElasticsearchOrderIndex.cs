using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Searching;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Writes to the live index and, during a rebuild, to its shadow.</summary>
internal sealed class ElasticsearchOrderIndex(
    ElasticsearchSchema schema,
    ElasticsearchGenerations generations,
    DualWriter writer,
    RefreshLoop refresh,
    FreshnessDocument freshness) : IOrderIndex
{
    private string? _known;

    public async Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        await freshness.EnsureCreatedAsync(cancellationToken);
        var live = await schema.EnsureLiveAsync(cancellationToken);
        var known = Interlocked.Exchange(ref _known, live.Uuid);
        // Documents that a stopped process wrote may not be searchable yet.
        refresh.MarkDirty(documents: 0);
        if (live.IsCorrected)
            return IndexState.Created;

        // Another process may have created the index again. Documents are missing then, unless it went live by a
        // cutover.
        if (known is not null && known != live.Uuid
            && (await generations.ReadAsync(cancellationToken)).Last?.Generation != live.Name)
        {
            return IndexState.Created;
        }

        return live.IsCurrent ? IndexState.Ready : IndexState.Outdated;
    }

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, isRepair: false, cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, isRepair: true, cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await generations.Live.RemoveAsync(ids, cancellationToken);
        refresh.MarkDirty(ids.Count);
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        generations.Live.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        generations.Live.ContentHashesAsync(cancellationToken);

    public async Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken)
    {
        await refresh.WhenCleanAsync(cancellationToken);
        await freshness.SaveAsync(report, cancellationToken);
    }

    public Task WhenSearchableAsync(CancellationToken cancellationToken) => refresh.WhenCleanAsync(cancellationToken);

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        freshness.SaveDatabaseIdAsync(id, replaces, cancellationToken);

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents, bool isRepair, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        try
        {
            return await writer.WriteAsync(documents, isRepair, cancellationToken);
        }
        finally
        {
            refresh.MarkDirty(documents.Count);
        }
    }
}
