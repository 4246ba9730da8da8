using System.Text;
using System.Text.Json.Nodes;
using Elastic.Clients.Elasticsearch;
using Elastic.Transport;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>Sends requests and returns responses as bytes.</summary>
internal sealed class ElasticsearchRest(ElasticsearchClient client)
{
    /// <returns>
    /// The response, including those with an error status that the request caused, such as 400 or 404.
    /// </returns>
    /// <exception cref="ReadStoreUnavailableException">
    /// The server does not respond, or cannot handle requests.
    /// </exception>
    public async Task<RestAnswer> SendAsync(
        HttpMethod method,
        string path,
        CancellationToken cancellationToken,
        PostData? body = null,
        TimeSpan? timeout = null)
    {
        var configuration = new RequestConfiguration
        {
            Accept = ElasticsearchClientFactory.Json,
            ContentType = ElasticsearchClientFactory.Json,
            RequestTimeout = timeout,
            // A bulk body is sent from its buffer. Without chunking, the client would copy it to determine its length.
            TransferEncodingChunked = body?.Type == PostType.ReadOnlyMemory,
        };
        var response = await ElasticsearchErrors.GuardAsync(
            () => client.Transport.RequestAsync<BytesResponse>(
                new EndpointPath(method, path), body, null, configuration, cancellationToken),
            cancellationToken);
        var details = response.ApiCallDetails;
        if (details.HttpStatusCode is not { } status || status is 401 or 403 || ElasticsearchErrors.IsTransient(status))
            throw ElasticsearchErrors.Unavailable(details, response.Body);

        return new(status, response.Body ?? []);
    }

    /// <summary>
    /// Like <see cref="SendAsync"/>, but throws for any status other than success and <paramref name="accepted"/>.
    /// </summary>
    public async Task<RestAnswer> ExpectAsync(
        HttpMethod method, string path, string body, CancellationToken cancellationToken, int? accepted = null)
    {
        var answer = await SendAsync(method, path, cancellationToken, body.Length == 0 ? null : PostData.String(body));
        return answer.IsSuccess || answer.Status == accepted
            ? answer
            : throw new ReadStoreUnavailableException($"Elasticsearch rejected {method} {path}: {answer.Text}");
    }
}

internal readonly record struct RestAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
    public string Text => Encoding.UTF8.GetString(Body);
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
