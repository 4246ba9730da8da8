using System.Text;
using Elastic.Transport;

namespace Shop.ReadModel.Elasticsearch.Client;

/// <summary>Maps failures of the client and the server to <see cref="ReadStoreUnavailableException"/>.</summary>
internal static class ElasticsearchErrors
{
    /// <summary>The server is busy, is starting or misses a shard, or a proxy cannot reach it.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or >= 500;

    public static ReadStoreUnavailableException Unavailable(ApiCallDetails? details, byte[]? body = null)
    {
        var said = body is { Length: > 0 } ? Encoding.UTF8.GetString(body) : null;
        var status = details?.HttpStatusCode is { } code ? $"HTTP {code}" : "no response";
        var request = $"{details?.HttpMethod} {details?.Uri?.AbsolutePath}";
        return new($"Elasticsearch: {status} to {request}. {Shortened(said)}".TrimEnd(), details?.OriginalException);
    }

    /// <summary>Creates the error for an unexpected response.</summary>
    public static ReadStoreUnavailableException Unexpected(RestAnswer response) =>
        new($"Elasticsearch: HTTP {response.Status}. {Shortened(response.Text)}");

    /// <summary>Maps all exceptions of the client except requested cancellation.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> send, CancellationToken cancellationToken)
    {
        try
        {
            var response = await send();
            cancellationToken.ThrowIfCancellationRequested();
            return response;
        }
        catch (Exception exception) when (
            exception is TransportException or HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ReadStoreUnavailableException($"Elasticsearch: {exception.Message}", exception);
        }
    }

    private static string? Shortened(string? text) => text is { Length: > 500 } ? text[..500] : text;
}
