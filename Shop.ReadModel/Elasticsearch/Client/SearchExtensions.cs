using Elastic.Clients.Elasticsearch;

namespace Shop.ReadModel.Elasticsearch.Client;

internal static class SearchExtensions
{
    /// <exception cref="ReadStoreUnavailableException">The search failed, timed out, or missed a shard.</exception>
    public static async Task<SearchResponse<T>> SearchCompletelyAsync<T>(
        this ElasticsearchClient client, SearchRequest<T> request, CancellationToken cancellationToken)
    {
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.SearchAsync<T>(request, cancellationToken), cancellationToken);
        return response.OrThrowUnlessComplete();
    }

    /// <inheritdoc cref="SearchCompletelyAsync"/>
    public static SearchResponse<T> OrThrowUnlessComplete<T>(this SearchResponse<T> response) =>
        response is { IsValidResponse: true, TimedOut: false, Shards.Failed: 0 }
            ? response
            : throw ElasticsearchErrors.Unavailable(response.ApiCallDetails);
}
