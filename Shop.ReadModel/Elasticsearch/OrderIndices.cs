using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// The indices of orders and the aliases that say which is which: all state of copies lives in the cluster, and
/// changes in one atomic step each.
/// </summary>
internal sealed partial class OrderIndices(
    ElasticsearchRest rest, IndexDefinition definition, ILogger<OrderIndices> logger)
{
    private const int Attempts = 5;

    private readonly ILogger _logger = logger;

    public async Task<IndexCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        var answer = await rest.ExpectAsync(
            HttpMethod.GET, $"/{definition.Alias}*/_alias?expand_wildcards=all", "", cancellationToken);
        return IndexCatalog.Read(answer.Json, definition);
    }

    /// <summary>Makes the alias lead to one index of ours, made now if there is none.</summary>
    public async Task<LiveIndex> EnsureLiveAsync(CancellationToken cancellationToken)
    {
        var isPutRight = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var catalog = await ReadAsync(cancellationToken);
            if (catalog.IsSound)
                return await VerifyAsync(catalog.Live!, isPutRight, cancellationToken);

            await PutRightAsync(catalog, cancellationToken);
            isPutRight = true;
        }

        throw new ReadStoreUnavailableException($"The alias {definition.Alias} keeps being changed by others.");
    }

    /// <summary>Makes an empty index behind <paramref name="alias"/>, unless another process was quicker.</summary>
    public async Task CreateAsync(IndexCatalog catalog, string alias, CancellationToken cancellationToken)
    {
        var name = definition.Name(catalog.LastNumber + 1);
        var answer = await rest.ExpectAsync(
            HttpMethod.PUT, "/" + name, definition.Body(alias), cancellationToken, accepted: 400);
        if (answer.IsSuccess)
            Log.Created(_logger, name, alias);
        else if ((string?)answer.Json["error"]?["type"] != "resource_already_exists_exception")
            throw new InvalidOperationException($"Elasticsearch refuses to make the index {name}: {answer.Text}");
    }

    public Task ChangeAliasesAsync(JsonArray actions, CancellationToken cancellationToken) =>
        rest.ExpectAsync(
            HttpMethod.POST, "/_aliases", new JsonObject { ["actions"] = actions }.ToJsonString(), cancellationToken);

    public static JsonObject Add(string index, string alias) => Action("add", index, alias);

    public static JsonObject Remove(string index, string alias) => Action("remove", index, alias);

    public static JsonObject Drop(string index) => new() { ["remove_index"] = new JsonObject { ["index"] = index } };

    private static JsonObject Action(string name, string index, string alias) =>
        new() { [name] = new JsonObject { ["index"] = index, ["alias"] = alias } };

    private async Task PutRightAsync(IndexCatalog catalog, CancellationToken cancellationToken)
    {
        if (catalog.Candidate is not { } candidate)
        {
            if (catalog.IsAliasAnIndex)
            {
                throw new InvalidOperationException(
                    $"There is an index named {definition.Alias} that is not ours; name another alias, or remove it.");
            }

            await CreateAsync(catalog, definition.Alias, cancellationToken);
            return;
        }

        Log.PutRight(_logger, definition.Alias, string.Join(", ", catalog.AllLive), candidate);
        var actions = new JsonArray(Add(candidate, definition.Alias));
        foreach (var other in catalog.AllLive.Where(index => index != candidate))
            actions.Add(Remove(other, definition.Alias));

        if (catalog.IsAliasAnIndex)
            actions.Insert(0, Drop(definition.Alias));

        await ChangeAliasesAsync(actions, cancellationToken);
    }

    private async Task<LiveIndex> VerifyAsync(string name, bool isPutRight, CancellationToken cancellationToken)
    {
        var answer = await rest.ExpectAsync(HttpMethod.GET, "/" + name, "", cancellationToken);
        var index = answer.Json[name]!;
        var settings = index["settings"]!["index"]!;
        if (definition.ChangedSettings(settings) is { Count: > 0 } changed)
        {
            Log.SettingsChanged(_logger, name, changed.ToJsonString());
            await rest.ExpectAsync(HttpMethod.PUT, $"/{name}/_settings", changed.ToJsonString(), cancellationToken);
        }

        var isCurrent = definition.ParseName(name)?.Hash == definition.Hash && definition.HasFields(index["mappings"]!);
        if (!isCurrent)
            Log.Outdated(_logger, name, definition.Hash);

        return new(name, (string)settings["uuid"]!, isPutRight, isCurrent);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Created the index {Index} behind the alias {Alias}")]
        public static partial void Created(ILogger logger, string index, string alias);

        [LoggerMessage(LogLevel.Warning, "The alias {Alias} led to '{Found}'; it leads to {Index} now")]
        public static partial void PutRight(ILogger logger, string alias, string found, string index);

        [LoggerMessage(LogLevel.Warning, "Settings of the index {Index} were changed by others; put back {Settings}")]
        public static partial void SettingsChanged(ILogger logger, string index, string settings);

        [LoggerMessage(LogLevel.Warning, "The index {Index} has not the mapping and settings {Hash}: rebuild it")]
        public static partial void Outdated(ILogger logger, string index, string hash);
    }
}

/// <param name="IsPutRight">Whether it was made, or the alias led elsewhere, until now.</param>
/// <param name="IsCurrent">Whether mapping and settings are this version's.</param>
internal readonly record struct LiveIndex(string Name, string Uuid, bool IsPutRight, bool IsCurrent);
