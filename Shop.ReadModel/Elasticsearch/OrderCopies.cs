using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// The copies by alias, and what this process knows of a second one. What it knows is at most
/// <see cref="ElasticsearchOptions.CopiesLifetime"/> old: a rebuild that waits longer than that before it reads the
/// write side misses no event, since what was written to the live copy alone had happened before.
/// </summary>
internal sealed class OrderCopies(
    OrderIndices indices,
    BulkWriter writer,
    ElasticsearchClient client,
    ElasticsearchRest rest,
    ElasticsearchOptions options,
    TimeProvider time)
{
    private volatile Known? _known;
    private volatile string? _lastNext;

    public ElasticsearchOrderCopy Get(string alias) => new(alias, writer, client, rest);

    public async ValueTask<bool> HasNextAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetElapsedTime(known.ReadAt) < options.CopiesLifetime)
            return known.Next is not null;

        var readAt = time.GetTimestamp();
        var catalog = await indices.ReadAsync(cancellationToken);
        _known = new(catalog.Next, readAt);
        _lastNext = catalog.Next ?? _lastNext;
        return catalog.Next is not null;
    }

    /// <summary>Makes the next question be asked of the cluster.</summary>
    public void Forget() => _known = null;

    /// <summary>Whether an index that is live now is the one that was written beside the last.</summary>
    public bool IsSwitchedTo(string index) => _lastNext == index;

    private sealed record Known(string? Next, long ReadAt);
}
