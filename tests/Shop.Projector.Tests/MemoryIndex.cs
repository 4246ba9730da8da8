using System.Collections.Concurrent;
using Shop.Contracts;
using Shop.ReadModel;

namespace Shop.Projector.Tests;

/// <summary>A read store in memory that can be away, lose its schema, and refuse documents.</summary>
internal sealed class MemoryIndex : IOrderIndex, IIndexGenerations
{
    private int _created;

    public ConcurrentDictionary<Guid, OrderDocument> Documents { get; } = [];

    public ConcurrentDictionary<int, DateTimeOffset> Freshness { get; } = [];

    public Guid? DatabaseId { get; set; }

    public volatile bool IsAway;

    public Func<OrderDocument, string?> Refuses { get; set; } = _ => null;

    public int Writes;

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Task.FromResult(Interlocked.Exchange(ref _created, 1) == 0 ? IndexState.Created : IndexState.Ready);
    }

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, stored => stored);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        WriteAsync(documents, stored => stored - 1);

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        foreach (var id in ids)
            Documents.TryRemove(id, out _);
        return Task.CompletedTask;
    }

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Documents.Values.Select(document => new OrderVersion(document.Id, document.Version))
            .OrderBy(version => version.Id).ToArray().ToAsyncEnumerable();
    }

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken)
    {
        ThrowIfAway();
        return Documents.Values.Select(SerializedOrder.From)
            .Select(order => new StoredContent(order.Id, order.Version, StoredContent.HashOf(order.Json.Span)))
            .OrderBy(content => content.Id).ToArray().ToAsyncEnumerable();
    }

    public Task SaveFreshnessAsync(FreshnessReport report, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        foreach (var (partition, asOf) in report.AsOf)
        {
            if (asOf is { } known)
                Freshness[partition] = known;
        }

        return Task.CompletedTask;
    }

    public Task WhenSearchableAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<Guid> SaveDatabaseIdAsync(Guid id, bool replaces, CancellationToken cancellationToken)
    {
        ThrowIfAway();
        DatabaseId = replaces ? id : DatabaseId ?? id;
        return Task.FromResult(DatabaseId.Value);
    }

    public IOrderGeneration Shadow => throw LiveOnly();

    /// <summary>What was live before a rebuild.</summary>
    public ConcurrentDictionary<Guid, OrderDocument> Previous { get; } = [];

    public Task RemovePreviousAsync(IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        foreach (var order in olderThan)
        {
            if (Previous.TryGetValue(order.Id, out var stored) && stored.Version < order.Version)
                Previous.TryRemove(order.Id, out _);
        }

        return Task.CompletedTask;
    }

    public Task<OlderDocuments> CountOlderAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        return Task.FromResult(new OlderDocuments(Count(Documents), Shadow: 0, Count(Previous), Cached: 0));

        int Count(ConcurrentDictionary<Guid, OrderDocument> documents) => olderThan.Count(order =>
            documents.TryGetValue(order.Id, out var stored) && stored.Version < order.Version);
    }

    public Task<GenerationState> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new GenerationState("memory", Shadow: null, Previous: null));

    public Task<long> CountLiveAsync(CancellationToken cancellationToken) => Task.FromResult((long)Documents.Count);

    public Task CreateShadowAsync(CancellationToken cancellationToken) => throw LiveOnly();

    public Task ResumeShadowAsync(string shadow, CancellationToken cancellationToken) => throw LiveOnly();

    public Task BeginRollbackAsync(CancellationToken cancellationToken) => throw LiveOnly();

    public Task CutOverAsync(RebuildRecord completed, CancellationToken cancellationToken) => throw LiveOnly();

    public Task<bool> AbandonShadowAsync(RebuildRecord reason, CancellationToken cancellationToken) =>
        throw LiveOnly();

    private static NotSupportedException LiveOnly() => new("The store in memory has only a live generation.");

    private Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents, Func<long, long> newerThan)
    {
        Interlocked.Increment(ref Writes);
        ThrowIfAway();
        return Task.FromResult<IReadOnlyList<IndexOutcome>>(
            [.. documents.Select(document => Write(document.Document, newerThan))]);
    }

    private IndexOutcome Write(OrderDocument document, Func<long, long> newerThan)
    {
        if (Refuses(document) is { } reason)
            return new(document.Id, IndexResult.Rejected, reason);
        var stored = Documents.AddOrUpdate(
            document.Id, document, (_, known) => document.Version > newerThan(known.Version) ? document : known);
        return new(document.Id, ReferenceEquals(stored, document) ? IndexResult.Applied : IndexResult.AlreadyNewer);
    }

    private void ThrowIfAway()
    {
        if (IsAway)
            throw new ReadStoreUnavailableException("The store is away.");
    }
}
