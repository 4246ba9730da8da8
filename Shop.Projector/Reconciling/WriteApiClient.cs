using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Shop.Contracts;

namespace Shop.Projector.Reconciling;

/// <summary>Reads the write API's feeds. Nothing but the write API reads the write database.</summary>
internal sealed class WriteApiClient(IHttpClientFactory clients)
{
    /// <summary>Keeps the request line well below what servers accept.</summary>
    private const int IdsPerRequest = 100;

    private const string VersionsPath = "internal/orders/versions";
    private const string DocumentsPath = "internal/orders/states";

    /// <summary>The identity of the write database; null if the write API does not name it.</summary>
    public async Task<Guid?> GetDatabaseIdAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(nameof(WriteApiClient));
        using var response = await SendAsync(client, $"{DocumentsPath}?ids={Guid.Empty}", null, cancellationToken);
        return IdOf(response);
    }

    /// <summary>Every order and its version in id order.</summary>
    /// <param name="databaseId">The identity that the write database must have; null for any.</param>
    public async IAsyncEnumerable<OrderVersion> VersionsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken, Guid? databaseId = null)
    {
        await foreach (var line in LinesAsync(VersionsPath, databaseId, cancellationToken))
            yield return JsonSerializer.Deserialize(line.Span, ContractsJson.Default.OrderVersion);
    }

    /// <summary>Every order's document in id order.</summary>
    public async IAsyncEnumerable<SerializedOrder> DocumentsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken, Guid? databaseId = null)
    {
        await foreach (var line in LinesAsync(DocumentsPath, databaseId, cancellationToken))
            yield return SerializedOrder.Parse(line);
    }

    /// <summary>The documents of those of the orders that exist.</summary>
    public async Task<List<SerializedOrder>> DocumentsAsync(
        IEnumerable<Guid> ids, CancellationToken cancellationToken, Guid? databaseId = null)
    {
        List<SerializedOrder> documents = [];
        foreach (var some in ids.Chunk(IdsPerRequest))
        {
            var path = $"{DocumentsPath}?ids={string.Join(',', some)}";
            await foreach (var line in LinesAsync(path, databaseId, cancellationToken))
                documents.Add(SerializedOrder.Parse(line));
        }

        return documents;
    }

    /// <summary>An erased customer's orders, each with the version that has no personal data.</summary>
    /// <returns>Null if there is no such customer, or they were not erased.</returns>
    public async Task<List<OrderVersion>?> ErasedOrdersAsync(Guid customer, CancellationToken cancellationToken)
    {
        List<OrderVersion> orders = [];
        try
        {
            var path = $"internal/customers/{customer}/erased-orders";
            await foreach (var line in LinesAsync(path, databaseId: null, cancellationToken))
                orders.Add(JsonSerializer.Deserialize(line.Span, ContractsJson.Default.OrderVersion));
        }
        catch (HttpRequestException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        return orders;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(
        string path, Guid? databaseId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(nameof(WriteApiClient));
        using var response = await SendAsync(client, path, databaseId, cancellationToken);
        var reader = PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var buffer = result.Buffer;
                while (buffer.PositionOf((byte)'\n') is { } end)
                {
                    if (buffer.Slice(0, end) is { IsEmpty: false } line)
                        yield return line.ToArray();
                    buffer = buffer.Slice(buffer.GetPosition(1, end));
                }

                if (result.IsCompleted)
                {
                    if (!buffer.IsEmpty)
                        yield return buffer.ToArray();
                    yield break;
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string path, Guid? databaseId, CancellationToken cancellationToken)
    {
        var response = await client.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        return databaseId is null || IdOf(response) == databaseId
            ? response
            : throw new InvalidOperationException(
                $"The write database changed from {databaseId} to {IdOf(response)} during the comparison.");
    }

    private static Guid? IdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(FeedHeaders.DatabaseId, out var values)
            && Guid.TryParse(values.FirstOrDefault(), out var id)
            ? id
            : null;
}
