namespace Shop.ReadModel.Redis;

/// <summary>Serves documents by id from Redis where it has them; everything else comes from the store.</summary>
internal sealed class RedisOrderSearch(IOrderSearch store, RedisDocuments documents) : IOrderSearch
{
    public async Task<StoredOrder?> GetAsync(Guid id, long minVersion, CancellationToken cancellationToken) =>
        await documents.GetAsync(id, minVersion, cancellationToken)
        ?? await store.GetAsync(id, minVersion, cancellationToken);

    public Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken) =>
        store.SearchAsync(query, cancellationToken);

    public Task<IReadOnlyDictionary<Guid, long>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        store.SearchableVersionsAsync(ids, cancellationToken);

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) =>
        store.ReadFreshnessAsync(cancellationToken);
}
