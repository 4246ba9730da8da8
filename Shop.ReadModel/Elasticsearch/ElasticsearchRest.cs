using System.Text;
using System.Text.Json.Nodes;
using Elastic.Clients.Elasticsearch;
using Elastic.Transport;
using HttpMethod = Elastic.Transport.HttpMethod;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>Requests whose bodies are bytes already: bulks, and what sets up indices and aliases.</summary>
internal sealed class ElasticsearchRest(ElasticsearchClient client)
{
    /// <returns>The answer, whatever its status says of the request.</returns>
    /// <exception cref="ReadStoreUnavailableException">No answer, or none that is about the request.</exception>
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
            // A bulk's megabyte goes out from where it stands; for its length to be told it would be copied before.
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

    /// <summary>As <see cref="SendAsync"/>, where only success and <paramref name="accepted"/> are expected.</summary>
    public async Task<RestAnswer> ExpectAsync(
        HttpMethod method, string path, string body, CancellationToken cancellationToken, int? accepted = null)
    {
        var answer = await SendAsync(method, path, cancellationToken, body.Length == 0 ? null : PostData.String(body));
        return answer.IsSuccess || answer.Status == accepted
            ? answer
            : throw new ReadStoreUnavailableException($"Elasticsearch refuses {method} {path}: {answer.Text}");
    }
}

internal readonly record struct RestAnswer(int Status, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
    public string Text => Encoding.UTF8.GetString(Body);
    public JsonObject Json => JsonNode.Parse(Body)!.AsObject();
}
