using System.Collections.Concurrent;
using Shop.Contracts;
using Shop.ReadModel.Tests.Contract;

namespace Shop.ReadModel.Tests.Redis;

/// <summary>A store that lets a test see and time what reaches it.</summary>
internal sealed class MemoryStore : IOrderIndex, IOrderSearch
{
    private readonly ConcurrentDictionary<Guid, OrderDocument> _documents = [];
    private readonly ConcurrentDictionary<Guid, int> _reads = [];
    private Freshness? _freshness;

    public OrderStore Store => new(this, this, () => Task.CompletedTask);
    public Func<Task> BeforeWrite { get; set; } = () => Task.CompletedTask;

    public int ReadsOf(Guid id) => _reads.GetValueOrDefault(id);

    public void Put(OrderDocument document) => _documents[document.Id] = document;

    public async Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken)
    {
        await BeforeWrite();
        foreach (var document in documents)
            Put(document.Document);

        return [.. documents.Select(document => new IndexOutcome(document.Id, IndexResult.Applied))];
    }

    public Task<StoredOrder?> GetAsync(Guid id, CallerScope scope, long minVersion, CancellationToken cancellationToken)
    {
        _reads.AddOrUpdate(id, 1, (_, reads) => reads + 1);
        return Task.FromResult(
            _documents.TryGetValue(id, out var document) ? new StoredOrder(SerializedOrder.From(document).Json) : null);
    }

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken)
    {
        _freshness = new(
            report.AsOf.ToDictionary(
                partition => partition.Key,
                partition => new PartitionFreshness(partition.Value, report.SavedAt, report.Problem)),
            report.PartitionCount,
            DatabaseId: null);
        return Task.CompletedTask;
    }

    public Task WhenSearchableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<OrderSearchPage> SearchAsync(OrderQuery query, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyDictionary<Guid, VisibleVersion>> SearchableVersionsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<Freshness?> ReadFreshnessAsync(CancellationToken cancellationToken) => Task.FromResult(_freshness);
}
