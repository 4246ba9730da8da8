using System.Text.Json.Nodes;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>A snapshot of the indices and of the roles that their aliases assign to them.</summary>
internal sealed record IndexCatalog
{
    private IndexDefinition Definition { get; init; } = null!;
    private IReadOnlyList<string> Ours { get; init; } = [];

    /// <summary>
    /// Every index behind the live alias: one that Shop created, unless the alias was changed by hand.
    /// </summary>
    public IReadOnlyList<string> AllLive { get; private init; } = [];

    public string? Shadow { get; private init; }
    public string? Previous { get; private init; }
    public bool IsCuttingOver { get; private init; }

    /// <summary>Whether an index, rather than an alias, has the name of the live alias.</summary>
    public bool IsAliasAnIndex { get; private init; }

    public bool IsRollback => Shadow is not null && Shadow == Previous;
    public string? Live => AllLive is [var only] ? only : null;
    public bool IsSound => Live is { } live && Ours.Contains(live);
    public int LastNumber => Ours.Select(index => Definition.ParseName(index)!.Value.Number).DefaultIfEmpty().Max();

    /// <summary>
    /// The index that should be live if the alias points to none: the newest one without another role.
    /// </summary>
    public string? Candidate => Ours
        .Where(index => index != Shadow && index != Previous)
        .OrderByDescending(AllLive.Contains)
        .ThenByDescending(index => Definition.ParseName(index)!.Value.Hash == Definition.Hash)
        .ThenByDescending(index => Definition.ParseName(index)!.Value.Number)
        .FirstOrDefault();

    public string LiveOrThrow() => Live ?? throw new ReadStoreUnavailableException(
        $"The alias {Definition.Alias} must point to one index, but points to {AllLive.Count}.");

    public static IndexCatalog Read(JsonObject indices, IndexDefinition definition)
    {
        // An index that Shop did not create has no role, even if it has one of our aliases. It must never be dropped.
        string[] ours = [.. indices.Select(index => index.Key).Where(name => definition.ParseName(name) is not null)];
        return new()
        {
            Definition = definition,
            Ours = ours,
            AllLive = [.. indices.Select(index => index.Key).Where(name => Has(name, definition.Alias))],
            Shadow = ours.FirstOrDefault(name => Has(name, definition.ShadowAlias)),
            Previous = ours.FirstOrDefault(name => Has(name, definition.PreviousAlias)),
            IsCuttingOver = ours.Any(name => Has(name, definition.CutoverAlias)),
            IsAliasAnIndex = indices.ContainsKey(definition.Alias),
        };

        bool Has(string index, string alias) =>
            indices[index]!["aliases"] is JsonObject aliases && aliases.ContainsKey(alias);
    }
}
