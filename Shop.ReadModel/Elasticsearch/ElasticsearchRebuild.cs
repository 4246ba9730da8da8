using System.Text.Json.Nodes;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The second index of a rebuild: which one it is, its aliases say, and they change in one step.</summary>
internal sealed class ElasticsearchRebuild(
    OrderIndices indices,
    IndexDefinition definition,
    OrderCopies copies,
    ElasticsearchRest rest) : IOrderRebuild
{
    public async Task<StoreCopies> GetCopiesAsync(CancellationToken cancellationToken)
    {
        var catalog = await indices.ReadAsync(cancellationToken);
        return new(Live(catalog), catalog.Next, catalog.Previous);
    }

    public async Task<IOrderCopy> BeginAsync(CancellationToken cancellationToken)
    {
        var catalog = await indices.ReadAsync(cancellationToken);
        if (catalog.Next is null)
            await indices.CreateAsync(catalog, definition.NextAlias, cancellationToken);

        return await WrittenByAllAsync(cancellationToken);
    }

    public async Task<IOrderCopy> BeginRollbackAsync(CancellationToken cancellationToken)
    {
        var catalog = await indices.ReadAsync(cancellationToken);
        if (catalog.Next is not null)
            throw new InvalidOperationException($"A rebuild is under way: {catalog.Next}.");

        var previous = catalog.Previous
            ?? throw new InvalidOperationException("There is no earlier copy to go back to.");
        // It keeps its other name too, which says where it belongs if this is cancelled.
        await indices.ChangeAliasesAsync([OrderIndices.Add(previous, definition.NextAlias)], cancellationToken);
        return await WrittenByAllAsync(cancellationToken);
    }

    public async Task SwitchAsync(CancellationToken cancellationToken)
    {
        var catalog = await indices.ReadAsync(cancellationToken);
        var next = catalog.Next ?? throw new InvalidOperationException("There is no second copy to switch to.");
        var live = Live(catalog);
        await rest.ExpectAsync(HttpMethod.POST, $"/{next}/_refresh", "", cancellationToken);
        var actions = new JsonArray(
            OrderIndices.Remove(live, definition.Alias),
            OrderIndices.Add(next, definition.Alias),
            OrderIndices.Remove(next, definition.NextAlias),
            OrderIndices.Add(live, definition.PreviousAlias));
        if (catalog.IsRollback)
            actions.Add(OrderIndices.Remove(next, definition.PreviousAlias));
        else if (catalog.Previous is { } previous)
            actions.Add(OrderIndices.Drop(previous));

        await indices.ChangeAliasesAsync(actions, cancellationToken);
        // What was written between the refresh and the switch may have been searchable in the other index.
        await rest.ExpectAsync(HttpMethod.POST, $"/{next}/_refresh", "", cancellationToken);
    }

    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        var catalog = await indices.ReadAsync(cancellationToken);
        if (catalog.Next is not { } next)
            return;

        await indices.ChangeAliasesAsync(
            [catalog.IsRollback ? OrderIndices.Remove(next, definition.NextAlias) : OrderIndices.Drop(next)],
            cancellationToken);
    }

    private static string Live(IndexCatalog catalog) => catalog.Live
        ?? throw new ReadStoreUnavailableException("The alias leads to no index, or to several.");

    private async Task<IOrderCopy> WrittenByAllAsync(CancellationToken cancellationToken)
    {
        await copies.Writer.KnownByAllAsync(cancellationToken);
        return copies.Next;
    }
}
