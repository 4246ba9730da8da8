using System.Text.Json;
using System.Text.Json.Nodes;
using Elastic.Clients.Elasticsearch;
using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Writing;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Index generations as indices. Aliases assign the roles and are changed in one atomic step. A document records how
/// the last rebuild ended, so that a shadow stays abandoned even if it cannot be deleted.
/// </summary>
internal sealed class ElasticsearchGenerations(
    ElasticsearchSchema schema, IndexDefinition definition, BulkWriter writer, ElasticsearchClient client,
    ElasticsearchRest rest, ElasticsearchOptions options, TimeProvider time) : IGenerationStore
{
    private const int NotFound = 404;

    public IOrderGeneration Live { get; } = new ElasticsearchGeneration(definition.Alias, writer, client, rest);

    public IOrderGeneration Shadow { get; } = new ElasticsearchGeneration(definition.ShadowAlias, writer, client, rest);

    public async Task<GenerationState> ReadAsync(CancellationToken cancellationToken)
    {
        var catalog = await schema.ReadAsync(cancellationToken);
        var last = await ReadRecordAsync(cancellationToken);
        var isAbandoned = last?.Abandons(catalog.Shadow) ?? false;
        return new(
            catalog.LiveOrThrow(), isAbandoned ? null : catalog.Shadow, catalog.Previous, catalog.IsCuttingOver, last);
    }

    public async Task<long> CountLiveAsync(CancellationToken cancellationToken)
    {
        var response = await rest.ExpectAsync(HttpMethod.GET, $"/{definition.Alias}/_count", "", cancellationToken);
        return (long)response.Json["count"]!;
    }

    public async Task CreateShadowAsync(CancellationToken cancellationToken)
    {
        var (catalog, last) = (await schema.ReadAsync(cancellationToken), await ReadRecordAsync(cancellationToken));
        if (catalog.Shadow is not null && last?.Abandons(catalog.Shadow) is true)
        {
            await RemoveShadowAsync(catalog, cancellationToken);
            catalog = await schema.ReadAsync(cancellationToken);
        }

        if (catalog.Shadow is null)
        {
            // A name is not reused immediately, because a writer may be about to abandon the previous shadow.
            var lastNumber = last?.Generation is { } name ? definition.ParseName(name)?.Number ?? 0 : 0;
            var number = Math.Max(catalog.LastNumber, lastNumber) + 1;
            await schema.CreateAsync(number, definition.ShadowAlias, cancellationToken);
        }

        await WaitUntilKnownAsync(cancellationToken);
    }

    public async Task ResumeShadowAsync(string shadow, CancellationToken cancellationToken)
    {
        if (await ReadAsync(cancellationToken) is { IsCuttingOver: true } state && state.Shadow == shadow)
        {
            await schema.ChangeAliasesAsync(
                [ElasticsearchSchema.Remove(shadow, definition.CutoverAlias)], cancellationToken);
        }

        await WaitUntilKnownAsync(cancellationToken);
    }

    public async Task BeginRollbackAsync(CancellationToken cancellationToken)
    {
        var state = await ReadAsync(cancellationToken);
        if (state.Shadow is not null)
            throw new InvalidOperationException($"A rebuild into {state.Shadow} is running.");

        var previous = state.Previous
            ?? throw new InvalidOperationException("There is no previous generation to roll back to.");
        if (state.Last?.Generation == previous)
            await SaveRecordAsync(state.Last with { Generation = null }, cancellationToken);

        // It keeps the alias of the previous generation, so that it gets this role back if the rollback is abandoned.
        await schema.ChangeAliasesAsync(
            [ElasticsearchSchema.Add(previous, definition.ShadowAlias)], cancellationToken);
        await WaitUntilKnownAsync(cancellationToken);
    }

    /// <remarks>
    /// Each index is refreshed on its own. Once the cutover is announced, every writer refreshes the shadow between its
    /// write to the shadow and its write to the live index. So nothing is searchable in the live index before it is
    /// searchable in the shadow. The refresh here makes everything searchable that writers wrote before they knew of
    /// the announcement.
    /// </remarks>
    public async Task CutOverAsync(RebuildRecord completed, CancellationToken cancellationToken)
    {
        var shadow = (await ReadAsync(cancellationToken)).Shadow
            ?? throw new InvalidOperationException("There is no shadow to cut over to.");
        await schema.ChangeAliasesAsync(
            [ElasticsearchSchema.Add(shadow, definition.CutoverAlias)], cancellationToken);
        await WaitUntilKnownAsync(cancellationToken);
        await MakeShadowSearchableAsync(cancellationToken);

        var (state, catalog) = (await ReadAsync(cancellationToken), await schema.ReadAsync(cancellationToken));
        if (state.Shadow != shadow)
            throw new InvalidOperationException($"The shadow {shadow} was abandoned: {state.Last?.Reason}");

        var actions = new JsonArray(
            ElasticsearchSchema.Remove(state.Live, definition.Alias),
            ElasticsearchSchema.Add(shadow, definition.Alias),
            ElasticsearchSchema.Remove(shadow, definition.ShadowAlias),
            ElasticsearchSchema.Remove(shadow, definition.CutoverAlias),
            ElasticsearchSchema.Add(state.Live, definition.PreviousAlias));
        if (catalog.IsRollback)
            actions.Add(ElasticsearchSchema.Remove(shadow, definition.PreviousAlias));
        else if (catalog.Previous is { } previous)
            actions.Add(ElasticsearchSchema.Drop(previous));

        // Saved first, so that no process sees the cutover without its record. Until the cutover the rebuild counts as
        // running.
        await SaveRecordAsync(completed with { Generation = shadow }, cancellationToken);
        await schema.ChangeAliasesAsync(actions, cancellationToken);
    }

    public async Task<bool> AbandonShadowAsync(RebuildRecord reason, CancellationToken cancellationToken)
    {
        var (state, catalog) = (await ReadAsync(cancellationToken), await schema.ReadAsync(cancellationToken));
        if (state.Shadow is not { } shadow || shadow != reason.Generation)
            return false;

        var isSaved = await TryAsync(
            SaveRecordAsync(reason with { IsRollback = catalog.IsRollback }, cancellationToken));
        if (!isSaved)
            await RemoveShadowAsync(catalog, cancellationToken);
        else
            await TryAsync(RemoveShadowAsync(catalog, cancellationToken));
        return true;
    }

    public async Task RemovePreviousAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        if ((await schema.ReadAsync(cancellationToken)).Previous is null)
            return;

        var alias = definition.PreviousAlias;
        if (await rest.FindOlderAsync(alias, olderThan, cancellationToken) is { Count: > 0 } older)
        {
            await writer.RemoveAsync(alias, older, cancellationToken);
            // A rollback must not meet the versions of removed documents.
            await rest.ExpectAsync(HttpMethod.POST, $"/{alias}/_refresh", "", cancellationToken);
        }
    }

    public async Task<OlderDocuments> CountOlderAsync(
        IReadOnlyList<OrderVersion> olderThan, CancellationToken cancellationToken)
    {
        var catalog = await schema.ReadAsync(cancellationToken);
        return new(
            await CountAsync(definition.Alias, exists: true),
            await CountAsync(definition.ShadowAlias, catalog.Shadow is not null),
            await CountAsync(definition.PreviousAlias, catalog.Previous is not null),
            Cached: 0);

        async Task<int> CountAsync(string alias, bool exists) =>
            exists ? (await rest.FindOlderAsync(alias, olderThan, cancellationToken)).Count : 0;
    }

    public Task MakeShadowSearchableAsync(CancellationToken cancellationToken) =>
        rest.ExpectAsync(HttpMethod.POST, $"/{definition.ShadowAlias}/_refresh", "", cancellationToken);

    private static async Task<bool> TryAsync(Task change)
    {
        try
        {
            await change;
            return true;
        }
        catch (ReadStoreUnavailableException)
        {
            return false;
        }
    }

    private Task RemoveShadowAsync(IndexCatalog catalog, CancellationToken cancellationToken)
    {
        var shadow = catalog.Shadow!;
        if (!catalog.IsRollback)
            return schema.ChangeAliasesAsync([ElasticsearchSchema.Drop(shadow)], cancellationToken);

        var actions = new JsonArray(ElasticsearchSchema.Remove(shadow, definition.ShadowAlias));
        if (catalog.IsCuttingOver)
            actions.Add(ElasticsearchSchema.Remove(shadow, definition.CutoverAlias));
        return schema.ChangeAliasesAsync(actions, cancellationToken);
    }

    /// <summary>Completes when no writer uses a view of the generations from before this call.</summary>
    private Task WaitUntilKnownAsync(CancellationToken cancellationToken) =>
        Task.Delay(options.GenerationsLifetime * 2, time, cancellationToken);

    private async Task<RebuildRecord?> ReadRecordAsync(CancellationToken cancellationToken)
    {
        var response = await rest.ExpectAsync(
            HttpMethod.GET, $"/{definition.RecordIndex}/_source/rebuild", "", cancellationToken, NotFound);
        return response.IsSuccess
            ? JsonSerializer.Deserialize(response.Body, RebuildRecordJson.Default.RebuildRecord)
            : null;
    }

    private async Task SaveRecordAsync(RebuildRecord record, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(record, RebuildRecordJson.Default.RebuildRecord);
        await rest.ExpectAsync(HttpMethod.PUT, $"/{definition.RecordIndex}/_doc/rebuild", body, cancellationToken);
    }
}
