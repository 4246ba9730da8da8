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
    IOrderStatistics? Statistics = null, INameIndex? Names = null, INameSearch? NameSearch = null,
    IOrderExport? Export = null)
{
    /// <summary>Creates the names, or removes those that a test before has left: there are no orders yet.</summary>
    public async Task EmptyNamesAsync()
    {
        await Names!.EnsureCreatedAsync(default);
        await Names.CountAsync(await NameKeysAsync(), DateTimeOffset.MaxValue, default);
        await RefreshNamesAsync();
    }

    /// <summary>Writes the names in orders, and makes searches find them.</summary>
    public async Task ApplyNamesAsync(params IReadOnlyList<OrderDocument> documents)
    {
        var names = NameEntry.Of(documents);
        await Names!.ApplyAsync(names, default);
        await Names.CountAsync([.. names.Select(name => name.Key)], DateTimeOffset.UnixEpoch, default);
        await RefreshNamesAsync();
    }

    public async Task<List<NameKey>> NameKeysAsync()
    {
        List<NameKey> keys = [];
        await foreach (var page in Names!.KeysAsync(default))
            keys.AddRange(page);
        return keys;
    }

    /// <summary>Makes searches find the names that were written.</summary>
    public Task RefreshNamesAsync() => NameKeysAsync(); // Elasticsearch refreshes the index before it lists all names.

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
