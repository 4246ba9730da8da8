using Shop.Contracts;

namespace Shop.ReadModel.Redis;

/// <summary>
/// Removes documents from Redis before the store replaces them, and caches those that the store has accepted.
/// </summary>
internal sealed class RedisOrderIndex(IOrderIndex store, RedisWriter redis) : IOrderIndex
{
    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        store.EnsureCreatedAsync(cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> batch, CancellationToken cancellationToken) =>
        WriteAsync(batch, () => store.ApplyAsync(batch, cancellationToken));

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> batch, CancellationToken cancellationToken) =>
        WriteAsync(batch, () => store.RepairAsync(batch, cancellationToken));

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(ids, cancellationToken);
        redis.Invalidate(ids);
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        store.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        store.ContentHashesAsync(cancellationToken);

    public Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken) =>
        store.SaveFreshnessAsync(report, cancellationToken);

    public Task WhenSearchableAsync(CancellationToken cancellationToken) =>
        store.WhenSearchableAsync(cancellationToken);

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        store.SaveDatabaseIdAsync(id, replaces, cancellationToken);

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> batch, Func<Task<IReadOnlyList<IndexOutcome>>> write)
    {
        redis.Invalidate([.. batch.Select(order => order.Id)]);
        var outcomes = await write();
        redis.Store([.. batch.Where((_, i) => outcomes[i].Result is IndexResult.Applied)]);
        return outcomes;
    }
}

/// <summary>
/// Starts a new epoch in Redis when another generation goes live, because its documents may differ at the same
/// versions.
/// </summary>
internal sealed class RedisGenerations(IIndexGenerations store, RedisWriter redis) : IIndexGenerations
{
    public IOrderGeneration Shadow => store.Shadow;

    public Task<GenerationState> ReadAsync(CancellationToken cancellationToken) => store.ReadAsync(cancellationToken);

    public Task<long> CountLiveAsync(CancellationToken cancellationToken) => store.CountLiveAsync(cancellationToken);

    public Task CreateShadowAsync(CancellationToken cancellationToken) => store.CreateShadowAsync(cancellationToken);

    public Task ResumeShadowAsync(string shadow, CancellationToken cancellationToken) =>
        store.ResumeShadowAsync(shadow, cancellationToken);

    public Task BeginRollbackAsync(CancellationToken cancellationToken) => store.BeginRollbackAsync(cancellationToken);

    public async Task CutOverAsync(RebuildRecord completed, CancellationToken cancellationToken)
    {
        try
        {
            await store.CutOverAsync(completed, cancellationToken);
        }
        finally
        {
            // Also after a failure, because the operation may have taken effect.
            redis.StartEpoch();
        }
    }

    public Task<bool> AbandonShadowAsync(RebuildRecord reason, CancellationToken cancellationToken) =>
        store.AbandonShadowAsync(reason, cancellationToken);

    public Task RemovePreviousAsync(IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken) =>
        store.RemovePreviousAsync(olderThan, cancellationToken);

    public async Task<OlderDocuments> CountOlderAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken) =>
        await store.CountOlderAsync(olderThan, cancellationToken) with { Cached = await redis.CountOlderAsync(olderThan) };
}
