using Shop.Contracts;

namespace Shop.ReadModel.Redis;

/// <summary>Keeps the documents in Redis in step with those that the store takes.</summary>
internal sealed class RedisOrderIndex(IOrderIndex store, RedisWriter redis) : IOrderIndex
{
    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        store.EnsureCreatedAsync(cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> batch, CancellationToken cancellationToken) =>
        WriteAsync(batch, includesEqual: false, store.ApplyAsync, cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> batch, CancellationToken cancellationToken) =>
        WriteAsync(batch, includesEqual: true, store.RepairAsync, cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        await store.RemoveAsync(ids, cancellationToken);
        await redis.RemoveAsync(ids, cancellationToken);
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        store.VersionsAsync(cancellationToken);

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        store.ContentHashesAsync(cancellationToken);

    public Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken) =>
        store.SaveFreshnessAsync(report, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, ReadOnlyMemory<byte>>> ReadDocumentsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        store.ReadDocumentsAsync(ids, cancellationToken);

    public Task WhenSearchableAsync(CancellationToken cancellationToken) =>
        store.WhenSearchableAsync(cancellationToken);

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        store.SaveDatabaseIdAsync(id, replaces, cancellationToken);

    private async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> batch,
        bool includesEqual,
        Func<IReadOnlyList<SerializedOrder>, CancellationToken, Task<IReadOnlyList<IndexOutcome>>> write,
        CancellationToken cancellationToken)
    {
        var epoch = await redis.HoldAsync(batch, includesEqual, cancellationToken);
        var outcomes = await write(batch, cancellationToken);
        if (epoch is not null)
        {
            var stored = batch.Where((_, i) => outcomes[i].Result is IndexResult.Applied);
            await redis.StoreAsync(epoch, stored, cancellationToken);
        }

        return outcomes;
    }
}
