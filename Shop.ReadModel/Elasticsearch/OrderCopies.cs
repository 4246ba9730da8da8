using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The copies by alias, and what this process has seen of a second one.</summary>
internal sealed class OrderCopies
{
    private readonly OrderIndices _indices;
    private volatile string? _lastNext;

    public OrderCopies(
        OrderIndices indices,
        IndexDefinition definition,
        BulkWriter writer,
        ElasticsearchClient client,
        ElasticsearchRest rest,
        ElasticsearchOptions options,
        TimeProvider time)
    {
        _indices = indices;
        Live = new(definition.Alias, writer, client, rest);
        Next = new(definition.NextAlias, writer, client, rest);
        Writer = new(LookAsync, options.CopiesLifetime, time);
    }

    public ElasticsearchOrderCopy Live { get; }
    public ElasticsearchOrderCopy Next { get; }
    public CopyWriter Writer { get; }

    /// <summary>Whether an index that is live now is the one that was written beside the last.</summary>
    public bool IsSwitchedTo(string index) => _lastNext == index;

    private async Task<WrittenCopies> LookAsync(CancellationToken cancellationToken)
    {
        var catalog = await _indices.ReadAsync(cancellationToken);
        _lastNext = catalog.Next ?? _lastNext;
        return new(Live, catalog.Next is null ? null : Next);
    }
}
