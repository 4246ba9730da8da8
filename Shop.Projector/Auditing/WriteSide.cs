using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Shop.Contracts;

namespace Shop.Projector.Auditing;

/// <summary>What the write API tells of its orders; nobody but it reads the write database.</summary>
internal sealed class WriteSide(IHttpClientFactory clients)
{
    /// <summary>Keeps the request line well below what servers accept.</summary>
    private const int IdsPerRequest = 100;

    /// <summary>Every order and its version in id order.</summary>
    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        LinesAsync("internal/orders/versions", ContractsJson.Default.OrderVersion, cancellationToken);

    /// <summary>Every order's state in id order.</summary>
    public IAsyncEnumerable<OrderDocument> StatesAsync(CancellationToken cancellationToken) =>
        LinesAsync("internal/orders/states", ContractsJson.Default.OrderDocument, cancellationToken);

    /// <summary>The states of those of the orders that there are.</summary>
    public async Task<List<OrderDocument>> StatesAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        List<OrderDocument> states = [];
        foreach (var some in ids.Chunk(IdsPerRequest))
        {
            var path = $"internal/orders/states?ids={string.Join(',', some)}";
            await foreach (var state in LinesAsync(path, ContractsJson.Default.OrderDocument, cancellationToken))
                states.Add(state);
        }

        return states;
    }

    private async IAsyncEnumerable<T> LinesAsync<T>(
        string path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(nameof(WriteSide));
        using var response = await client.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var line in JsonSerializer.DeserializeAsyncEnumerable(
            body, type, topLevelValues: true, cancellationToken))
        {
            yield return line ?? throw new InvalidDataException($"{path} has a line that is null.");
        }
    }
}
