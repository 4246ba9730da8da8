using System.Text.Json.Nodes;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Which indices there are and what the aliases make of them, at one moment.</summary>
internal sealed record IndexCatalog
{
    private IndexDefinition Definition { get; init; } = null!;
    private IReadOnlyList<string> Ours { get; init; } = [];

    /// <summary>Everything behind the alias: one index of ours, unless someone has changed it.</summary>
    public IReadOnlyList<string> AllLive { get; private init; } = [];

    public string? Next { get; private init; }
    public string? Previous { get; private init; }

    /// <summary>Whether the next one is the one that was live before.</summary>
    public bool IsRollback => Next is not null && Next == Previous;

    /// <summary>Whether something was indexed under the alias' name before there was an alias.</summary>
    public bool IsAliasAnIndex { get; private init; }

    public string? Live => AllLive is [var only] ? only : null;
    public bool IsSound => Live is { } live && Ours.Contains(live);
    public int LastNumber => Ours.Select(index => Definition.ParseName(index)!.Value.Number).DefaultIfEmpty().Max();

    /// <summary>What should be live where the alias does not say so: ours, in no other role, the newest.</summary>
    public string? Candidate => Ours
        .Where(index => index != Next && index != Previous)
        .OrderByDescending(AllLive.Contains)
        .ThenByDescending(index => Definition.ParseName(index)!.Value.Hash == Definition.Hash)
        .ThenByDescending(index => Definition.ParseName(index)!.Value.Number)
        .FirstOrDefault();

    public static IndexCatalog Read(JsonObject indices, IndexDefinition definition)
    {
        return new()
        {
            Definition = definition,
            Ours = [.. indices.Select(index => index.Key).Where(name => definition.ParseName(name) is not null)],
            AllLive = [.. Behind(definition.Alias)],
            Next = Behind(definition.NextAlias).FirstOrDefault(),
            Previous = Behind(definition.PreviousAlias).FirstOrDefault(),
            IsAliasAnIndex = indices.ContainsKey(definition.Alias),
        };

        IEnumerable<string> Behind(string alias) => indices
            .Where(index => index.Value!["aliases"] is JsonObject aliases && aliases.ContainsKey(alias))
            .Select(index => index.Key);
    }
}
