using Elastic.Clients.Elasticsearch;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Writing;

/// <summary>
/// Resolves version conflicts. Usually the stored document is newer. An edit outside of Shop increases <c>_version</c>
/// above the order's version, so the correct content would always conflict. Such a document is removed, and sent again
/// until its tombstone is gone (<c>index.gc_deletes</c>).
/// </summary>
internal sealed class ConflictResolver(ElasticsearchClient client, ElasticsearchRest rest)
{
    public async Task ResolveAsync(string alias, BulkBatch batch, CancellationToken cancellationToken)
    {
        var isAnyEdited = false;
        var positions = batch.TakeConflicts();
        var ids = positions.Select(position => batch.Documents[position].Id);
        var stored = await ReadAsync(alias, ids, cancellationToken);
        foreach (var position in positions)
        {
            var document = batch.Documents[position];
            var found = stored.GetValueOrDefault(document.Id);
            if (found is { IsOurs: true } && found.Version >= document.Version)
            {
                batch.Resolve(position);
                continue;
            }

            if (found is { IsOurs: false })
                await RemoveAsync(alias, document.Id, found, cancellationToken);

            isAnyEdited |= found is not { IsOurs: true };
            batch.SendAgain(position, $"the document {document.Id} was edited outside of Shop");
        }

        if (isAnyEdited)
            await rest.ExpectAsync(HttpMethod.POST, $"/{alias}/_refresh", "", cancellationToken);
    }

    private async Task<Dictionary<Guid, Stored>> ReadAsync(
        string alias, IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var request = new MultiGetRequest(alias)
        {
            Ids = new Ids(ids.Select(id => new Id(id.ToString("D")))),
            SourceIncludes = Fields.FromString("version"),
        };
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.MultiGetAsync<StoredSource>(request, cancellationToken), cancellationToken);
        if (!response.IsValidResponse)
            throw ElasticsearchErrors.Unavailable(response.ApiCallDetails);

        Dictionary<Guid, Stored> stored = [];
        foreach (var item in response.Docs)
        {
            if (item.Value1 is not { } document)
                throw new ReadStoreUnavailableException($"Elasticsearch: {item.Value2?.Error.Reason}");

            if (document.Found)
            {
                stored.Add(Guid.Parse(document.Id), new(
                    document.Source?.Version, document.Version ?? 0, document.SeqNo ?? 0, document.PrimaryTerm ?? 0));
            }
        }

        return stored;
    }

    // Only the version that was read is removed, because a live event may have replaced it meanwhile.
    private async Task RemoveAsync(string alias, Guid id, Stored found, CancellationToken cancellationToken)
    {
        var path = $"/{alias}/_doc/{id:D}?if_seq_no={found.SeqNo}&if_primary_term={found.PrimaryTerm}";
        await rest.SendAsync(HttpMethod.DELETE, path, cancellationToken);
    }

    internal sealed record StoredSource(long? Version);

    private sealed record Stored(long? Version, long ExternalVersion, long SeqNo, long PrimaryTerm)
    {
        /// <summary>Whether the version in the document equals <c>_version</c>, as Shop writes them.</summary>
        public bool IsOurs => Version == ExternalVersion;
    }
}
