using System.Text;
using System.Text.Json;
using Shop.Bench.Drain;
using Shop.Bench.Hosting;
using Shop.Contracts;

namespace Shop.Bench.Rebuild;

/// <summary>Bodies of bulk requests made beforehand, sent to an index with the live one's mapping and settings.</summary>
internal sealed class RawElasticsearch : IRawBulk
{
    private const int InFlight = 4;
    private const int DocumentsPerBody = 1_000;
    private const string Index = "orders-raw";

    private readonly ElasticsearchNode _node;
    private readonly List<byte[]> _bodies = [];
    private long _orders;

    private RawElasticsearch(string address) => _node = new(address);

    public static async Task<IRawBulk> CreateAsync(ShopProcess shop, string address)
    {
        var raw = new RawElasticsearch(address);
        await raw.ReadAsync(shop);
        return raw;
    }

    public async Task<long> WriteAsync(CancellationToken cancellationToken)
    {
        await _node.RemoveAsync(Index);
        await _node.CreateLikeAsync(Index, "orders");
        await Parallel.ForEachAsync(
            _bodies,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
            async (body, _) => await _node.BulkAsync(Index, body));
        return await _node.CountAsync(Index) == _orders
            ? _orders
            : throw new InvalidOperationException("The raw index lacks documents.");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.RemoveAsync(Index);
        _node.Dispose();
    }

    private async Task ReadAsync(ShopProcess shop)
    {
        await using var lines = await shop.WriteApi.GetStreamAsync("/internal/orders/states");
        var body = new MemoryStream();
        await foreach (var order in JsonSerializer.DeserializeAsyncEnumerable(
            lines, ContractsJson.Default.OrderDocument, topLevelValues: true))
        {
            Append(body, order!);
            if (++_orders % DocumentsPerBody == 0)
                Cut();
        }

        Cut();

        void Cut()
        {
            if (body.Length > 0)
                _bodies.Add(body.ToArray());
            body.SetLength(0);
        }
    }

    private static void Append(MemoryStream body, OrderDocument order)
    {
        // A document has the members of a state, or fewer.
        var state = JsonSerializer.SerializeToUtf8Bytes(order, ContractsJson.Default.OrderDocument);
        var document = JsonSerializer.Deserialize(state, ContractsJson.Default.OrderDocument)!;
        body.Write(Encoding.UTF8.GetBytes(
            $$$"""{"index":{"_id":"{{{order.Id:D}}}","version":{{{order.Version}}},"version_type":"external"}}""" + "\n"));
        JsonSerializer.Serialize(body, document, ContractsJson.Default.OrderDocument);
        body.WriteByte((byte)'\n');
    }
}
