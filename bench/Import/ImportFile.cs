using System.Net;
using System.Text.Json;
using Shop.Bench.Drain;
using Shop.Contracts;

namespace Shop.Bench.Import;

/// <summary>
/// A body of <c>POST /orders/import</c>, prepared before it is sent. Every third order has a new customer, and every
/// status is as frequent as the others.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly string[] Statuses =
    [
        OrderStatuses.Placed, OrderStatuses.Paid, OrderStatuses.Shipped, OrderStatuses.Delivered,
        OrderStatuses.Cancelled, OrderStatuses.Refunded,
    ];

    private readonly MemoryStream _bytes = new();

    /// <param name="name">Makes the keys and customers of this file different from those of any other.</param>
    public ImportFile(int orders, string name)
    {
        Orders = orders;
        var samples = new SampleOrders(seed: 29);
        var random = new Random(31);
        for (var i = 0; i < orders; i++)
        {
            var order = samples.Next();
            var email = $"{name}-{random.Next(1 + (orders / 3))}@example.org";
            var line = new
            {
                Key = $"{name}-{i}",
                Customer = new { order.Customer.Name, Email = email, order.Customer.Country },
                order.Lines,
                order.ShippingAddress,
                order.Note,
                order.PlacedAt,
                Status = Statuses[random.Next(Statuses.Length)],
            };
            JsonSerializer.Serialize(_bytes, line, Json);
            _bytes.WriteByte((byte)'\n');
        }
    }

    public int Orders { get; }

    public double Megabytes => _bytes.Length / 1e6;

    public void Dispose() => _bytes.Dispose();

    /// <summary>Sends the file and reads its outcomes.</summary>
    public async Task SendAsync(HttpClient writeApi, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(_bytes.GetBuffer().AsMemory(0, (int)_bytes.Length));
        content.Headers.ContentType = new("application/x-ndjson");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders/import") { Content = content };
        using var response = await writeApi.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var outcomes = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        var created = 0;
        while (await outcomes.ReadLineAsync(cancellationToken) is { } line)
        {
            if (response.StatusCode != HttpStatusCode.OK || !line.Contains("\"created\"", StringComparison.Ordinal))
                throw new InvalidOperationException($"The import answered {response.StatusCode}: {line}");
            created++;
        }

        if (created != Orders)
            throw new InvalidOperationException($"The import answered {created} of {Orders} lines.");
    }
}
