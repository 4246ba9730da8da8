using Shop.Contracts;
using Shop.Projector.Projections;
using Shop.ReadModel;
using Shop.ReadModel.Names;

namespace Shop.Projector.Names;

/// <summary>
/// The names of customers and products, for suggestions. Events give the texts; numbers of orders are always counted in
/// the read store's orders, never incremented.
/// </summary>
internal sealed class NamesProjection(INameIndex names, IOrderSearch orders, TimeProvider time) : IProjection
{
    private const int BatchSize = 1_000;

    /// <summary>More names than this are repaired by a rebuild.</summary>
    private const int MaxMissing = 1_000;

    /// <summary>A name that was added this recently may have an order that is not in the read store yet.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan FreshnessLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FreshnessPoll = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private Applied _applied = Applied.Nothing;

    public string Name => "names";

    private DateTimeOffset AddedBefore => time.GetUtcNow() - Grace;

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        names.EnsureCreatedAsync(cancellationToken);

    public async Task ApplyAsync(IReadOnlyList<SerializedOrder> orders, CancellationToken cancellationToken)
    {
        var entries = NameEntry.Of(orders.Select(order => order.Document));
        Remember(new(
            [.. entries.Select(entry => entry.Key)],
            // An order does not say which products it had before its lines were changed.
            orders.Any(order => order.Document.Timeline.Any(entry => entry.Type == OrderLinesChanged.Name))));
        await names.ApplyAsync(entries, cancellationToken);
    }

    /// <summary>Counts the names that were applied, once the orders of the read store are as new as they are.</summary>
    public async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var applied = Take();
        if (applied.Names.Count == 0)
            return true;

        try
        {
            if (await AreOrdersAsOfAsync(time.GetUtcNow(), cancellationToken))
            {
                await CountAsync(applied, cancellationToken);
                return true;
            }
        }
        catch
        {
            Remember(applied);
            throw;
        }

        Remember(applied);
        return false;
    }

    public async Task<ProjectionReport> ReconcileAsync(CancellationToken cancellationToken)
    {
        var corrected = await CountAllAsync(names, cancellationToken);
        var missing = await names.MissingAsync(MaxMissing, cancellationToken);
        if (missing.Count >= MaxMissing)
            return new(time.GetUtcNow(), corrected, missing.Count, NeedsRebuild: true);

        foreach (var name in missing)
            await AddAsync(name, cancellationToken);
        await names.CountAsync(missing, AddedBefore, cancellationToken);
        return new(time.GetUtcNow(), corrected, missing.Count);
    }

    public async Task RebuildAsync(IAsyncEnumerable<SerializedOrder> orders, CancellationToken cancellationToken)
    {
        var shadow = await names.CreateShadowAsync(cancellationToken);
        await foreach (var some in orders.Chunk(BatchSize).WithCancellation(cancellationToken))
            await shadow.ApplyAsync(NameEntry.Of(some.Select(order => order.Document)), cancellationToken);
        await CountAllAsync(shadow, cancellationToken);
        await names.CutOverAsync(cancellationToken);
    }

    public async Task<int> CountOlderAsync(
        IReadOnlyList<SerializedOrder> orders, CancellationToken cancellationToken)
    {
        var current = NameEntry.Of(orders.Select(order => order.Document)).ToDictionary(entry => entry.Key);
        var stored = await names.ReadAsync(current.Keys, cancellationToken);
        return stored.Count(entry => entry.Merge(current[entry.Key]) is var merged
            && (merged.Text, merged.Email) != (entry.Text, entry.Email));
    }

    private void Remember(Applied applied)
    {
        lock (_lock)
            _applied = new([.. _applied.Names, .. applied.Names], _applied.MayHaveLostLines || applied.MayHaveLostLines);
    }

    private Applied Take()
    {
        lock (_lock)
        {
            var applied = _applied;
            _applied = Applied.Nothing;
            return applied;
        }
    }

    private async Task CountAsync(Applied applied, CancellationToken cancellationToken)
    {
        await names.CountAsync(applied.Names, AddedBefore, cancellationToken);
        if (!applied.MayHaveLostLines)
            return;

        await foreach (var page in names.KeysAsync(cancellationToken))
        {
            var others = page.Where(name => name.Kind == NameKind.Product && !applied.Names.Contains(name));
            await names.CountAsync([.. others], AddedBefore, cancellationToken);
        }
    }

    private async Task<int> CountAllAsync(INameGeneration generation, CancellationToken cancellationToken)
    {
        var corrected = 0;
        await foreach (var page in generation.KeysAsync(cancellationToken))
            corrected += await generation.CountAsync(page, AddedBefore, cancellationToken);
        return corrected;
    }

    /// <summary>Adds a name from the newest order that has it.</summary>
    private async Task AddAsync(NameKey name, CancellationToken cancellationToken)
    {
        var filters = name.Kind == NameKind.Customer
            ? OrderFilters.None with { CustomerIds = [Guid.Parse(name.Id)] }
            : OrderFilters.None with { Skus = [name.Id] };
        var found = await orders.SearchAsync(
            new() { Scope = CallerScope.Everything, Filters = filters, Sort = OrderSort.Newest, Size = 1 },
            cancellationToken);
        var entries = NameEntry.Of(found.Orders.Select(order => order.Document)).Where(entry => entry.Key == name);
        await names.ApplyAsync([.. entries], cancellationToken);
    }

    private async Task<bool> AreOrdersAsOfAsync(DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            if ((await orders.ReadFreshnessAsync(cancellationToken))?.AsOf >= moment)
                return true;
            if (time.GetElapsedTime(started) >= FreshnessLimit)
                return false;

            await Task.Delay(FreshnessPoll, time, cancellationToken);
        }
    }

    /// <summary>What has to be counted.</summary>
    private sealed record Applied(HashSet<NameKey> Names, bool MayHaveLostLines)
    {
        public static Applied Nothing { get; } = new([], false);
    }
}

internal static class NamesExtensions
{
    /// <summary>Adds the projection of customer and product names, which suggestions are read from.</summary>
    public static void AddNames(this IHostApplicationBuilder builder) => builder.AddProjection<NamesProjection>();
}
