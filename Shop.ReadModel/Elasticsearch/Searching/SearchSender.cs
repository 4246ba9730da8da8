using Elastic.Clients.Elasticsearch;
using Elastic.Transport;
using Shop.ReadModel.Elasticsearch.Client;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>Sends searches. An incomplete result is an error.</summary>
internal sealed class SearchSender(ElasticsearchRest rest, ElasticsearchOptions options)
{
    private readonly string _timeout = $"{(int)(options.RequestTimeout.TotalMilliseconds * 0.8)}ms";

    /// <summary>
    /// A process uses the same shard copy as long as possible, so that it does not see an older state after a newer one.
    /// </summary>
    public string Preference { get; } = Guid.CreateVersion7().ToString("N");

    // Without filter_path: a filter makes the server parse and rewrite every document that it returns.
    private string Path => $"/{options.Alias}/_search?preference={Preference}&allow_partial_search_results=false";

    /// <returns>The response, or null if the server rejected the request.</returns>
    /// <exception cref="ReadStoreUnavailableException">The server did not search every shard in time.</exception>
    public async Task<SearchResponseReader?> SendAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        request.Timeout = _timeout;
        var response = await rest.SendAsync(HttpMethod.POST, Path, cancellationToken, PostData.Serializable(request));
        if (response.Status == 400)
            return null;
        if (!response.IsSuccess)
            throw ElasticsearchErrors.Unexpected(response);

        var read = SearchResponseReader.Read(response.Body);
        return read.IsComplete
            ? read
            : throw new ReadStoreUnavailableException("Elasticsearch: the search timed out or missed a shard.");
    }
}
