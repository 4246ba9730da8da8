using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;

namespace Shop.Projector.Parking;

/// <summary>Keeps events that could not be projected as they came, with where they came from and why.</summary>
internal sealed partial class DeadLetterTopic : IDisposable
{
    public const string TopicHeader = "dead-letter-topic";
    public const string PartitionHeader = "dead-letter-partition";
    public const string OffsetHeader = "dead-letter-offset";
    public const string ReasonHeader = "dead-letter-reason";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly string _topic;
    private bool _exists;

    public DeadLetterTopic(
        IConfiguration configuration, IOptions<ProjectorOptions> options, ILogger<DeadLetterTopic> logger)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = ConsumerSettings.BootstrapServers(configuration),
            ClientId = "shop-projector-dead-letters",
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = 16 * 1024 * 1024,
            MessageTimeoutMs = 0,
        };
        configuration.GetSection("Kafka:Producer").Bind(config);
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            // The consumer says when the broker is in trouble.
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
        _topic = options.Value.DeadLetterTopic;
    }

    /// <summary>Returns when the broker has acknowledged it.</summary>
    public async Task AddAsync(OrderEventRecord record, string reason, CancellationToken cancellationToken)
    {
        await EnsureTopicAsync();
        var result = record.Result;
        var headers = new Headers();
        foreach (var header in result.Message.Headers ?? [])
            headers.Add(header);
        Add(headers, TopicHeader, result.Topic);
        Add(headers, PartitionHeader, result.Partition.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, OffsetHeader, result.Offset.Value.ToString(CultureInfo.InvariantCulture));
        Add(headers, ReasonHeader, reason);
        await _producer.ProduceAsync(
            _topic,
            new() { Key = result.Message.Key, Value = result.Message.Value, Headers = headers },
            cancellationToken);
    }

    public void Dispose() => _producer.Dispose();

    private async Task EnsureTopicAsync()
    {
        if (_exists)
            return;

        using var admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        // A broker that makes topics by itself does so when it is asked for one.
        if (admin.GetMetadata(_topic, Timeout).Topics.TrueForAll(topic => topic.Error.IsError))
            await CreateAsync(admin);
        _exists = true;
    }

    private async Task CreateAsync(IAdminClient admin)
    {
        try
        {
            await admin.CreateTopicsAsync(
                [new() { Name = _topic, NumPartitions = 1, ReplicationFactor = -1 }],
                new() { RequestTimeout = Timeout });
        }
        catch (CreateTopicsException exception) when (
            exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another replica was first.
        }
    }

    private static void Add(Headers headers, string name, string value) =>
        headers.Add(name, Encoding.UTF8.GetBytes(value));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
