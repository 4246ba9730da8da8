using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Shop.Contracts;

namespace Shop.Bench.Drain;

/// <summary>
/// A backlog as after a time without a projector: events in their own topic, one per order, and the resulting documents
/// as bodies of bulk requests.
/// </summary>
internal sealed class Backlog(string bootstrapServers) : IAsyncDisposable
{
    private const int DocumentsPerBody = 1_000;

    public string Topic { get; } = $"bench.{Guid.CreateVersion7():N}";

    public int Events { get; private set; }

    public List<BulkBody> Bodies { get; } = [];

    public async Task FillAsync(int events, CancellationToken cancellationToken)
    {
        using var admin = CreateAdmin();
        await admin.CreateTopicsAsync([new() { Name = Topic, NumPartitions = Topics.OrdersPartitions }]);
        using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            Partitioner = Partitioner.Murmur2Random,
            QueueBufferingMaxMessages = 1_000_000,
        }).Build();
        var orders = new SampleOrders(seed: 17);
        var body = new MemoryStream();
        while (Events < events)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var order = orders.Next();
            Produce(producer, Message(order));
            Append(body, order);
            Events++;
            if (Events % DocumentsPerBody != 0 && Events < events)
                continue;

            Bodies.Add(new(body.ToArray(), Events - Bodies.Sum(known => known.Documents)));
            body.SetLength(0);
        }

        producer.Flush(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        using var admin = CreateAdmin();
        await admin.DeleteTopicsAsync([Topic]);
    }

    private IAdminClient CreateAdmin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    private void Produce(IProducer<string, byte[]> producer, Message<string, byte[]> message)
    {
        while (true)
        {
            try
            {
                producer.Produce(Topic, message);
                return;
            }
            catch (ProduceException<string, byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    private static Message<string, byte[]> Message(OrderDocument order)
    {
        var placed = new OrderPlaced(
            order.Customer.Id, order.Lines, order.Total, order.ShippingAddress, order.Note);
        return new()
        {
            Key = $"{order.Id:D}",
            Value = JsonSerializer.SerializeToUtf8Bytes(
                new(placed, order), ContractsJson.Default.OrderEventValueOrderPlaced),
            Headers = new Headers
            {
                { EventHeaders.SpecVersion, Encoding.UTF8.GetBytes(EventHeaders.SpecVersionValue) },
                { EventHeaders.Id, Encoding.UTF8.GetBytes($"{order.Id:D}:{order.Version}") },
                { EventHeaders.Source, Encoding.UTF8.GetBytes(EventHeaders.SourceValue) },
                { EventHeaders.Type, Encoding.UTF8.GetBytes(OrderEventTypes.Of<OrderPlaced>()) },
                { EventHeaders.Time, Encoding.UTF8.GetBytes($"{order.UpdatedAt:O}") },
                { EventHeaders.Subject, Encoding.UTF8.GetBytes($"{order.Id:D}") },
                { EventHeaders.AggregateVersion, Encoding.UTF8.GetBytes($"{order.Version}") },
                { EventHeaders.ContentType, Encoding.UTF8.GetBytes(EventHeaders.ContentTypeValue) },
            },
        };
    }

    private static void Append(MemoryStream body, OrderDocument order)
    {
        // A document has the members of a state, or fewer.
        var state = JsonSerializer.SerializeToUtf8Bytes(order, ContractsJson.Default.OrderDocument);
        var document = JsonSerializer.Deserialize(state, ContractsJson.Default.OrderDocument)!;
        var action = $$$"""{"_id":"{{{order.Id:D}}}","version":{{{order.Version}}},"version_type":"external"}""";
        body.Write(Encoding.UTF8.GetBytes($"{{\"index\":{action}}}\n"));
        JsonSerializer.Serialize(body, document, ContractsJson.Default.OrderDocument);
        body.WriteByte((byte)'\n');
    }
}

/// <summary>The body of a bulk request and its number of documents.</summary>
internal sealed record BulkBody(byte[] Bytes, int Documents);
