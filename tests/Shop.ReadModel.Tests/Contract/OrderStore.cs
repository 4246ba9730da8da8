using Shop.Contracts;
using Shop.ReadModel.Names;

namespace Shop.ReadModel.Tests.Contract;

/// <summary>Makes stores of one kind, each empty. Called in the test itself, so that it can be skipped.</summary>
public interface IOrderStores
{
    Task<OrderStore> CreateAsync();
}

/// <param name="MakeSearchable">Makes searches find all that was written, in a store where that takes a step.</param>
public sealed record OrderStore(
    IOrderIndex Index, IOrderSearch Search, Func<Task> MakeSearchable, IIndexGenerations? Generations = null,
    IOrderStatistics? Statistics = null, INameIndex? Names = null, INameSearch? NameSearch = null)
{
    /// <summary>Makes searches find the names that were written.</summary>
    public async Task RefreshNamesAsync()
    {
        // Elasticsearch refreshes the index before it lists all names.
        await foreach (var _ in Names!.KeysAsync(default))
            continue;
    }

    public async Task<IReadOnlyList<IndexOutcome>> ApplyAsync(params IReadOnlyList<OrderDocument> documents)
    {
        var outcomes = await Index.ApplyAsync(documents, default);
        await MakeSearchable();
        return outcomes;
    }

    public async Task<IReadOnlyList<IndexOutcome>> RepairAsync(params IReadOnlyList<OrderDocument> documents)
    {
        var outcomes = await Index.RepairAsync(documents, default);
        await MakeSearchable();
        return outcomes;
    }

    public async Task<OrderDocument?> GetAsync(Guid id) =>
        (await Search.GetAsync(id, CallerScope.Everything, minVersion: 0, default))?.Document;

    public Task<OrderSearchPage> SearchAsync(OrderQuery query) => Search.SearchAsync(query, default);

    public async Task<List<OrderVersion>> VersionsAsync()
    {
        List<OrderVersion> versions = [];
        await foreach (var version in Index.VersionsAsync(default))
            versions.Add(version);

        return versions;
    }
}
