using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Creates and verifies the live index and its alias. The projector creates and corrects them. Readers only verify
/// them, for which the privilege <c>view_index_metadata</c> is sufficient.
/// </summary>
internal sealed partial class ElasticsearchSchema(
    ElasticsearchRest rest, IndexDefinition definition, ILogger<ElasticsearchSchema> logger) : IReadStoreSchema
{
    private const int Attempts = 5;

    /// <summary>Excludes the analysis, which is large and cannot change.</summary>
    private const string Checked =
        "*.mappings,*.settings.index.uuid,*.settings.index.refresh_interval,*.settings.index.gc_deletes";

    private readonly ILogger _logger = logger;

    public async Task<IndexCatalog> ReadAsync(CancellationToken cancellationToken)
    {
        var response = await rest.ExpectAsync(
            HttpMethod.GET, $"/{definition.Alias}*/_alias?expand_wildcards=all", "", cancellationToken);
        return IndexCatalog.Read(response.Json, definition);
    }

    /// <summary>Makes the alias point to one index that Shop created. Creates the index if there is none.</summary>
    public async Task<LiveIndex> EnsureLiveAsync(CancellationToken cancellationToken)
    {
        var isCorrected = false;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var catalog = await ReadAsync(cancellationToken);
            ThrowIfForeign(catalog);
            if (catalog.IsSound)
                return await CheckAsync(catalog.Live!, isCorrected, cancellationToken);

            await CorrectAsync(catalog, cancellationToken);
            isCorrected = true;
        }

        throw new ReadStoreUnavailableException(
            $"Other processes changed the alias {definition.Alias} {Attempts} times in a row.");
    }

    public async Task<SchemaProblem?> FindProblemAsync(CancellationToken cancellationToken)
    {
        var catalog = await ReadAsync(cancellationToken);
        if (!catalog.IsSound)
        {
            return new(
                $"The alias {definition.Alias} does not point to one index of Shop. Start a projector, which creates it.");
        }

        var index = await GetIndexAsync(catalog.Live!, cancellationToken);
        return definition.HasFields(index["mappings"]!)
            ? null
            : new(
                $"The index {catalog.Live} has another version's mapping. Start a projector of this version, which "
                    + "replaces it.",
                CanServe: true);
    }

    /// <summary>
    /// Creates an empty index behind <paramref name="alias"/>, unless another process has just done so.
    /// </summary>
    public async Task CreateAsync(int number, string alias, CancellationToken cancellationToken)
    {
        var name = definition.Name(number);
        var response = await rest.ExpectAsync(
            HttpMethod.PUT, "/" + name, definition.Body(alias), cancellationToken, accepted: 400);
        if (response.IsSuccess)
            Log.Created(_logger, name, alias);
        else if ((string?)response.Json["error"]?["type"] != "resource_already_exists_exception")
            throw Refused(name, response);
    }

    private static ReadStoreUnavailableException Refused(string name, RestAnswer response)
    {
        // The text may have the whole definition in it.
        var reasons = new List<string>();
        for (var error = response.Json["error"] as JsonObject; error is not null; error = error["caused_by"] as JsonObject)
            reasons.Add((string?)error["reason"] ?? $"{error["type"]}");
        return new(
            $"Elasticsearch refuses to create the index {name}: {string.Join(" ", reasons)} Check its version and the "
            + "index templates whose patterns match this name.");
    }

    public Task ChangeAliasesAsync(JsonArray actions, CancellationToken cancellationToken) =>
        rest.ExpectAsync(
            HttpMethod.POST, "/_aliases", new JsonObject { ["actions"] = actions }.ToJsonString(), cancellationToken);

    public static JsonObject Add(string index, string alias) => Action("add", index, alias);

    public static JsonObject Remove(string index, string alias) => Action("remove", index, alias);

    public static JsonObject Drop(string index) => new() { ["remove_index"] = new JsonObject { ["index"] = index } };

    private static JsonObject Action(string name, string index, string alias) =>
        new() { [name] = new JsonObject { ["index"] = index, ["alias"] = alias } };

    private void ThrowIfForeign(IndexCatalog catalog)
    {
        if (catalog.IsAliasAnIndex)
        {
            throw new ReadStoreUnavailableException(
                $"There is an index named {definition.Alias} that Shop did not create. Rename or delete it, or set "
                + "Elasticsearch:Alias to another name.");
        }
    }

    private async Task CorrectAsync(IndexCatalog catalog, CancellationToken cancellationToken)
    {
        if (catalog.Candidate is not { } candidate)
        {
            await CreateAsync(catalog.LastNumber + 1, definition.Alias, cancellationToken);
            return;
        }

        Log.AliasCorrected(_logger, definition.Alias, string.Join(", ", catalog.AllLive), candidate);
        var actions = new JsonArray(Add(candidate, definition.Alias));
        foreach (var other in catalog.AllLive.Where(index => index != candidate))
            actions.Add(Remove(other, definition.Alias));

        await ChangeAliasesAsync(actions, cancellationToken);
    }

    private async Task<LiveIndex> CheckAsync(string name, bool isCorrected, CancellationToken cancellationToken)
    {
        var index = await GetIndexAsync(name, cancellationToken);
        var settings = index["settings"]!["index"]!;
        if (definition.ChangedSettings(settings) is { Count: > 0 } changed)
        {
            Log.SettingsCorrected(_logger, name, changed.ToJsonString());
            await rest.ExpectAsync(HttpMethod.PUT, $"/{name}/_settings", changed.ToJsonString(), cancellationToken);
        }

        var isCurrent = definition.ParseName(name)?.Hash == definition.Hash && definition.HasFields(index["mappings"]!);
        if (!isCurrent)
            Log.Outdated(_logger, name, definition.Hash);

        return new(name, (string)settings["uuid"]!, isCorrected, isCurrent);
    }

    private async Task<JsonNode> GetIndexAsync(string name, CancellationToken cancellationToken) =>
        (await rest.ExpectAsync(HttpMethod.GET, $"/{name}?filter_path={Checked}", "", cancellationToken)).Json[name]!;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Created the index {Index} behind the alias {Alias}")]
        public static partial void Created(ILogger logger, string index, string alias);

        [LoggerMessage(LogLevel.Warning, "The alias {Alias} pointed to '{Found}'. It now points to {Index}")]
        public static partial void AliasCorrected(ILogger logger, string alias, string found, string index);

        [LoggerMessage(LogLevel.Warning, "Settings of the index {Index} had been changed and were restored: {Settings}")]
        public static partial void SettingsCorrected(ILogger logger, string index, string settings);

        [LoggerMessage(LogLevel.Warning, "The index {Index} does not match the definition {Hash} and needs a rebuild")]
        public static partial void Outdated(ILogger logger, string index, string hash);
    }
}

/// <param name="IsCorrected">Whether it was just created, or the alias was just corrected.</param>
/// <param name="IsCurrent">Whether mapping and settings are this version's.</param>
internal readonly record struct LiveIndex(string Name, string Uuid, bool IsCorrected, bool IsCurrent);
