using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>A snapshot of an index for long reads such as a reconciliation. Searches do not use it.</summary>
internal readonly record struct PointInTime(string Id)
{
    public static async Task<PointInTime> OpenAsync(
        ElasticsearchClient client,
        string alias,
        Duration keepAlive,
        CancellationToken cancellationToken)
    {
        var request = new OpenPointInTimeRequest(alias) { KeepAlive = keepAlive };
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.OpenPointInTimeAsync(request, cancellationToken), cancellationToken);
        return response is { IsValidResponse: true, Shards.Failed: 0 }
            ? new(response.Id)
            : throw ElasticsearchErrors.Unavailable(response.ApiCallDetails);
    }

    /// <summary>Closes the snapshot. If that fails, the server closes it when the keep-alive expires.</summary>
    public async Task CloseAsync(ElasticsearchClient client) =>
        _ = await client.ClosePointInTimeAsync(new ClosePointInTimeRequest(Id), CancellationToken.None);
}
