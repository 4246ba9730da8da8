using System.Runtime.CompilerServices;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Names;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Names;

/// <summary>The names behind one alias.</summary>
internal sealed class ElasticsearchNames(
    string alias, ElasticsearchRest rest, NameWriter writer, NameCounts counts, TimeProvider time) : INameGeneration
{
    private const int PageSize = 1_000;

    public Task ApplyAsync(IReadOnlyList<NameEntry> names, CancellationToken cancellationToken)
    {
        var entries = names.ToDictionary(name => name.Key);
        return writer.UpdateAsync(
            alias,
            entries.Keys,
            (name, stored) => NameDocument.Of(entries[name], stored, time.GetUtcNow()),
            cancellationToken);
    }

    public async Task<int> CountAsync(
        IReadOnlyCollection<NameKey> names, DateTimeOffset addedBefore, CancellationToken cancellationToken)
    {
        var counted = await counts.OfAsync(names, cancellationToken);
        return await writer.UpdateAsync(
            alias,
            names,
            (name, stored) => counted.TryGetValue(name, out var count) ? stored?.Counted(count, time.GetUtcNow())
                : stored?.AddedAt < addedBefore ? null
                : stored,
            cancellationToken);
    }

    public async IAsyncEnumerable<IReadOnlyList<NameKey>> KeysAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await rest.ExpectAsync(HttpMethod.POST, $"/{alias}/_refresh", "", cancellationToken);
        var after = "";
        while (true)
        {
            var response = await rest.ExpectAsync(
                HttpMethod.POST,
                $"/{alias}/_search?allow_partial_search_results=false",
                $$"""{"size":{{PageSize}},"_source":false,"sort":["key"],"track_total_hits":false{{after}}}""",
                cancellationToken);
            var hits = response.Json["hits"]!["hits"]!.AsArray();
            if (hits.Count == 0)
                yield break;

            yield return [.. hits.Select(hit => NameKey.Parse(hit!["_id"]!.GetValue<string>()))];
            after = $",\"search_after\":{hits[^1]!["sort"]!.ToJsonString()}";
        }
    }
}

/// <summary>The live names and, while there is one, their shadow.</summary>
internal sealed class ElasticsearchNameIndex(
    ElasticsearchRest rest, NameSchema schema, NameWriter writer, NameCounts counts, TimeProvider time) : INameIndex
{
    private readonly ElasticsearchNames _live = new(schema.Live, rest, writer, counts, time);
    private readonly ElasticsearchNames _shadow = new(schema.Shadow, rest, writer, counts, time);

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        schema.EnsureCreatedAsync(cancellationToken);

    /// <remarks>
    /// What was committed before the shadow existed is in the orders that fill it, so it does not matter if a writer does
    /// not know the shadow yet.
    /// </remarks>
    public async Task ApplyAsync(IReadOnlyList<NameEntry> names, CancellationToken cancellationToken)
    {
        if (await schema.HasShadowAsync(cancellationToken))
            await _shadow.ApplyAsync(names, cancellationToken);
        await _live.ApplyAsync(names, cancellationToken);
    }

    public async Task<int> CountAsync(
        IReadOnlyCollection<NameKey> names, DateTimeOffset addedBefore, CancellationToken cancellationToken)
    {
        if (await schema.HasShadowAsync(cancellationToken))
            await _shadow.CountAsync(names, addedBefore, cancellationToken);
        return await _live.CountAsync(names, addedBefore, cancellationToken);
    }

    public IAsyncEnumerable<IReadOnlyList<NameKey>> KeysAsync(CancellationToken cancellationToken) =>
        _live.KeysAsync(cancellationToken);

    public async Task<INameGeneration> CreateShadowAsync(CancellationToken cancellationToken)
    {
        await schema.CreateShadowAsync(cancellationToken);
        return _shadow;
    }

    public Task CutOverAsync(CancellationToken cancellationToken) => schema.CutOverAsync(cancellationToken);

    public async Task<IReadOnlyList<NameKey>> MissingAsync(int limit, CancellationToken cancellationToken)
    {
        List<NameKey> missing = [];
        foreach (var kind in Enum.GetValues<NameKind>())
        {
            await foreach (var page in counts.AllAsync(kind, cancellationToken))
            {
                var stored = await writer.ReadAsync(schema.Live, page, cancellationToken);
                missing.AddRange(page.Where(name => !stored.ContainsKey(name)));
                if (missing.Count >= limit)
                    return missing;
            }
        }

        return missing;
    }

    public async Task<IReadOnlyList<NameEntry>> ReadAsync(
        IReadOnlyCollection<NameKey> names, CancellationToken cancellationToken)
    {
        var stored = await writer.ReadAsync(schema.Live, names, cancellationToken);
        return [.. stored.Values.Select(name => name.Document?.Entry).OfType<NameEntry>()];
    }
}
