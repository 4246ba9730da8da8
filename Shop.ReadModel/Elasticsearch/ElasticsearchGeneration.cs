using System.Runtime.CompilerServices;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.Core.Search;
using Shop.Contracts;
using Shop.ReadModel.Elasticsearch.Client;
using Shop.ReadModel.Elasticsearch.Searching;
using Shop.ReadModel.Elasticsearch.Writing;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The documents in the index behind one alias.</summary>
internal sealed class ElasticsearchGeneration(
    string alias, BulkWriter writer, ElasticsearchClient client, ElasticsearchRest rest) : IOrderGeneration
{
    private const int PageSize = 5_000;
    private const string KeepAlive = "2m";

    public async Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        await writer.WriteAsync(alias, documents, VersionGuard.IfNewer, cancellationToken);

    public async Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        await writer.WriteAsync(alias, documents, VersionGuard.UnlessOlder, cancellationToken);

    public async Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken)
    {
        if (ids.Count > 0)
            await writer.RemoveAsync(alias, ids, cancellationToken);
    }

    public async IAsyncEnumerable<OrderVersion> VersionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await rest.ExpectAsync(HttpMethod.POST, $"/{alias}/_refresh", "", cancellationToken);
        var point = await PointInTime.OpenAsync(client, alias, KeepAlive, cancellationToken);
        try
        {
            ICollection<FieldValue>? after = null;
            while (true)
            {
                var page = await ReadPageAsync(point, after, cancellationToken);
                foreach (var hit in page)
                    yield return ToVersion(hit);

                if (page.Count < PageSize)
                    yield break;

                after = [.. page.Last().Sort!];
            }
        }
        finally
        {
            await point.CloseAsync(client);
        }
    }

    public IAsyncEnumerable<StoredContent> ContentHashesAsync(CancellationToken cancellationToken) =>
        StoredContents.HashesAsync(rest, alias, cancellationToken);

    private async Task<IReadOnlyCollection<Hit<OrderDocument>>> ReadPageAsync(
        PointInTime point, ICollection<FieldValue>? after, CancellationToken cancellationToken)
    {
        // The sort values contain all that is needed, so no document is fetched.
        var request = new SearchRequest<OrderDocument>
        {
            Pit = new(point.Id) { KeepAlive = KeepAlive },
            Sort = [StoredFields.Id.Ascending(), StoredFields.Version.Ascending()],
            SearchAfter = after,
            Size = PageSize,
            Source = false,
            TrackTotalHits = false,
            Version = true,
            AllowPartialSearchResults = false,
        };
        return (await client.SearchCompletelyAsync(request, cancellationToken)).Hits;
    }

    // A manual change increases _version but not the version in the document.
    private static OrderVersion ToVersion(Hit<OrderDocument> hit)
    {
        var version = hit.Sort!.ElementAt(1).TryGetLong(out var stored) ? stored.Value : 0;
        return new(Guid.Parse(hit.Id!), version == hit.Version ? version : 0);
    }
}
