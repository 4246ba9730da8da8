using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Searching;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Names;

/// <summary>
/// The indices of names and their roles: <c>{alias}-names-{hash}-{number}</c> behind the aliases <c>{alias}-names</c>
/// and <c>{alias}-names-shadow</c>.
/// </summary>
internal sealed class NameSchema(ElasticsearchRest rest, ElasticsearchOptions options)
{
    // Our analyzer makes the words, so the index needs no analysis of its own. It is sorted as the names are ranked, so
    // that a search ends as soon as it has enough.
    private const string Definition = """
        "settings": {
          "index": {
            "number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "1s",
            "sort.field": ["weight", "key"], "sort.order": ["desc", "asc"]
          }
        },
        "mappings": {
          "dynamic": false,
          "properties": {
            "key": { "type": "keyword" },
            "kind": { "type": "keyword" },
            "weight": { "type": "double" },
            "terms": {
              "type": "text", "analyzer": "whitespace", "similarity": "boolean", "norms": false, "index_options": "docs",
              "index_prefixes": { "min_chars": 1, "max_chars": 5 }
            }
          }
        }
        """;

    private static readonly string Hash = Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Definition}{TextAnalyzer.Version}")))[..8];

    public string Live => options.Alias + "-names";

    public string Shadow => Live + "-shadow";

    /// <summary>A second alias of a live index that no rebuild has filled.</summary>
    private string New => Live + "-new";

    public async Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        var indices = await ReadAsync(cancellationToken);
        if (indices.ContainsKey(Live))
        {
            throw new ReadStoreUnavailableException(
                $"There is an index named {Live} that Shop did not create. Rename or delete it.");
        }

        if (Find(indices, Live) is not { } live)
        {
            await CreateAsync(Next(indices), [Live, New], cancellationToken);
            return IndexState.Created;
        }

        return live.StartsWith($"{Live}-{Hash}-", StringComparison.Ordinal) && Find(indices, New) is null
            ? IndexState.Ready
            : IndexState.Outdated;
    }

    public async Task<bool> HasShadowAsync(CancellationToken cancellationToken) =>
        Find(await ReadAsync(cancellationToken), Shadow) is not null;

    public async Task CreateShadowAsync(CancellationToken cancellationToken)
    {
        var indices = await ReadAsync(cancellationToken);
        if (Find(indices, Shadow) is { } abandoned)
            await ChangeAsync([ElasticsearchSchema.Drop(abandoned)], cancellationToken);
        await CreateAsync(Next(indices), [Shadow], cancellationToken);
    }

    public async Task CutOverAsync(CancellationToken cancellationToken)
    {
        var indices = await ReadAsync(cancellationToken);
        var shadow = Find(indices, Shadow)
            ?? throw new InvalidOperationException("There is no shadow of the names to cut over to.");
        await rest.ExpectAsync(HttpMethod.POST, $"/{Shadow}/_refresh", "", cancellationToken);
        JsonArray actions = [ElasticsearchSchema.Add(shadow, Live), ElasticsearchSchema.Remove(shadow, Shadow)];
        if (Find(indices, Live) is { } live)
            actions.Add(ElasticsearchSchema.Drop(live));
        await ChangeAsync(actions, cancellationToken);
    }

    private static string? Find(JsonObject indices, string alias) =>
        indices.FirstOrDefault(index => index.Value!["aliases"]!.AsObject().ContainsKey(alias)).Key;

    private async Task<JsonObject> ReadAsync(CancellationToken cancellationToken) => (await rest.ExpectAsync(
        HttpMethod.GET, $"/{Live}*/_alias?expand_wildcards=all", "", cancellationToken)).Json;

    private string Next(JsonObject indices)
    {
        var last = indices.Select(index => index.Key[(index.Key.LastIndexOf('-') + 1)..])
            .Select(number => int.TryParse(number, CultureInfo.InvariantCulture, out var known) ? known : 0)
            .DefaultIfEmpty().Max();
        return $"{Live}-{Hash}-{last + 1}";
    }

    private async Task CreateAsync(string index, string[] aliases, CancellationToken cancellationToken)
    {
        var given = new JsonObject(aliases.Select(alias => KeyValuePair.Create(alias, (JsonNode?)new JsonObject())));
        var response = await rest.ExpectAsync(
            HttpMethod.PUT, $"/{index}", $$"""{ "aliases": {{given.ToJsonString()}}, {{Definition}} }""",
            cancellationToken, accepted: 400);
        if (!response.IsSuccess && (string?)response.Json["error"]?["type"] != "resource_already_exists_exception")
            throw new ReadStoreUnavailableException($"Elasticsearch refuses to create the index {index}: {response.Text}");
    }

    private Task<RestAnswer> ChangeAsync(JsonArray actions, CancellationToken cancellationToken) => rest.ExpectAsync(
        HttpMethod.POST, "/_aliases", new JsonObject { ["actions"] = actions }.ToJsonString(), cancellationToken);
}
