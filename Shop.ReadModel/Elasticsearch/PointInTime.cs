using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>The index as it was at one moment, for as long as the server keeps it.</summary>
internal readonly record struct PointInTime(string Id)
{
    public static async Task<PointInTime> OpenAsync(
        ElasticsearchClient client,
        string alias,
        Duration keepAlive,
        CancellationToken cancellationToken,
        string? preference = null)
    {
        var request = new OpenPointInTimeRequest(alias) { KeepAlive = keepAlive, Preference = preference };
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.OpenPointInTimeAsync(request, cancellationToken), cancellationToken);
        return response is { IsValidResponse: true, Shards.Failed: 0 }
            ? new(response.Id)
            : throw ElasticsearchErrors.Unavailable(response.ApiCallDetails);
    }

    /// <summary>Lets the server forget it early; if that fails, it does so in time.</summary>
    public async Task CloseAsync(ElasticsearchClient client) =>
        _ = await client.ClosePointInTimeAsync(new ClosePointInTimeRequest(Id), CancellationToken.None);
}
