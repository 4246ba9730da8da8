using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;

namespace Shop.Projector.DeadLetters;

/// <summary>
/// Keeps events that could not be projected, with their coordinates and the reason, and lists their orders until a
/// later event, a reconciliation or a retry has brought the order up to date.
/// </summary>
internal sealed partial class DeadLetterTopic : IDisposable
{
    /// <summary>The orders topic takes records of 8 MiB; a dead letter has a few headers more.</summary>
    private const int MaxMessageBytes = 9 * 1024 * 1024;

    private const int MaxReasonLength = 1_000;

    /// <summary>
    /// How long an event stays, with the personal data in it. A reconciliation lists an order again that is still wrong.
    /// </summary>
    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    /// <summary>Records are deleted with their segment.</summary>
    private static readonly TimeSpan SegmentTime = TimeSpan.FromDays(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly IProducer<byte[]?, byte[]?> _producer;
    private readonly DeadLetterList _list;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _exists;

    public DeadLetterTopic(
        IConfiguration configuration, IOptions<ProjectorOptions> options, DeadLetterList list, TimeProvider time,
        ILogger<DeadLetterTopic> logger)
    {
        (_list, _time, _logger) = (list, time, logger);
        var config = new ProducerConfig
        {
            BootstrapServers = configuration.GetKafka(),
            ClientId = "shop-projector-dead-letters",
            EnableIdempotence = true,
            Acks = Acks.All,
            Partitioner = Partitioner.Murmur2Random,
            MessageMaxBytes = 2 * MaxMessageBytes,
            MessageTimeoutMs = 0,
        };
        configuration.GetSection("Kafka:Producer").Bind(config);
        _producer = new ProducerBuilder<byte[]?, byte[]?>(config)
            // The consumer reports that a broker is unreachable.
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
        Name = options.Value.DeadLetterTopic;
    }

    public string Name { get; }

    // A topic that the broker created by itself may have several partitions, and a record that takes an order off the
    // list has to be read after the order's dead letter.
    private TopicPartition First => new(Name, 0);

    public bool HasAny => _list.Count > 0;

    /// <summary>For requests that need a connection but no consumer.</summary>
    public Handle Handle => _producer.Handle;

    /// <summary>Identifies the records of this process.</summary>
    public string Writer { get; } = Guid.CreateVersion7().ToString("N");

    /// <summary>Lists the order, then returns when the broker has acknowledged the dead letter.</summary>
    public async Task AddAsync(
        ConsumeResult<byte[], byte[]> result, Guid? order, long? version, string reason,
        CancellationToken cancellationToken)
    {
        var source = new EventCoordinates(result.Topic, result.Partition.Value, result.Offset.Value);
        var letter = new DeadLetter(
            order?.ToString() ?? source.ToString(), Shortened(reason), _time.GetUtcNow(), source, Events: 1, version);
        // Before anything is awaited: a repair that comes meanwhile has to find the order listed.
        _list.Add(letter);
        Log.DeadLettered(_logger, letter.Id, source, letter.Reason);
        try
        {
            await EnsureCreatedAsync();
            await WriteAsync(result.Message, letter, cancellationToken);
        }
        catch (KafkaException exception) when (!IsTransient(exception.Error))
        {
            // The order stays listed, and a reconciliation repairs it. Other orders do not wait for the topic.
            Log.NotWritten(_logger, letter.Id, Name, exception.Error.Reason);
        }
    }

    /// <summary>Lists an order that a reconciliation could not repair.</summary>
    public void Add(Guid order, string reason, long version) =>
        _list.Add(new($"{order}", Shortened(reason), _time.GetUtcNow(), First: null, Events: 1, version));

    /// <summary>Takes an order off the list if the store has at least the version of its dead letters.</summary>
    public void Resolve(string id, long storedVersion)
    {
        if (!_list.Remove(id, storedVersion))
            return;

        Log.Resolved(_logger, id);
        var headers = new Headers();
        headers.Add(DeadLetterHeaders.Resolved, id);
        headers.Add(DeadLetterHeaders.Writer, Writer);
        try
        {
            // Not awaited: without the record, the next reconciliation resolves the order again after a restart.
            _producer.Produce(First, new() { Headers = headers });
        }
        catch (KafkaException exception)
        {
            Log.NotWritten(_logger, id, Name, exception.Error.Reason);
        }
    }

    /// <summary>Creates the topic if it does not exist.</summary>
    public async Task EnsureCreatedAsync()
    {
        if (_exists)
            return;

        using var admin = new DependentAdminClientBuilder(Handle).Build();
        // A broker that creates topics by itself does so on this request.
        if (admin.GetMetadata(Name, Timeout).Topics.TrueForAll(topic => topic.Error.IsError))
            await CreateAsync(admin);
        _exists = true;
    }

    public void Dispose() => _producer.Dispose();

    private async Task WriteAsync(
        Message<byte[], byte[]> message, DeadLetter letter, CancellationToken cancellationToken)
    {
        var headers = new Headers();
        foreach (var header in message.Headers ?? [])
            headers.Add(header);
        try
        {
            await SendAsync(message.Key, message.Value, headers);
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (
            exception.Error.Code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge)
        {
            // Without the event's own parts, of which any may be the large one.
            var bytes = (message.Key?.Length ?? 0) + (message.Value?.Length ?? 0);
            var omitted = new Headers();
            omitted.Add(DeadLetterHeaders.OmittedBytes, bytes.ToString(CultureInfo.InvariantCulture));
            await SendAsync(key: null, value: null, omitted);
        }

        Task SendAsync(byte[]? key, byte[]? value, Headers sent)
        {
            foreach (var header in DeadLetterHeaders.Of(letter))
                sent.Add(header);
            sent.Add(DeadLetterHeaders.Writer, Writer);
            return _producer.ProduceAsync(First, new() { Key = key, Value = value, Headers = sent }, cancellationToken);
        }
    }

    private async Task CreateAsync(IAdminClient admin)
    {
        var topic = new TopicSpecification
        {
            Name = Name,
            NumPartitions = 1,
            ReplicationFactor = -1,
            Configs = new()
            {
                ["max.message.bytes"] = MaxMessageBytes.ToString(CultureInfo.InvariantCulture),
                ["retention.ms"] = $"{Retention.TotalMilliseconds:0}",
                ["segment.ms"] = $"{SegmentTime.TotalMilliseconds:0}",
            },
        };
        try
        {
            await admin.CreateTopicsAsync([topic], new() { RequestTimeout = Timeout });
        }
        catch (CreateTopicsException exception) when (
            exception.Results.All(result => result.Error.Code == ErrorCode.TopicAlreadyExists))
        {
            // Another replica was first.
        }
    }

    /// <summary>Whether the broker is unreachable or busy: the event is consumed again once it is back.</summary>
    private static bool IsTransient(Error error) => error.Code is ErrorCode.Local_Transport
        or ErrorCode.Local_TimedOut or ErrorCode.Local_MsgTimedOut or ErrorCode.Local_AllBrokersDown
        or ErrorCode.Local_Resolve or ErrorCode.RequestTimedOut or ErrorCode.NetworkException
        or ErrorCode.LeaderNotAvailable or ErrorCode.NotEnoughReplicas or ErrorCode.Local_PurgeQueue;

    private static string Shortened(string reason) =>
        reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Order {OrderId}: the event at {Source} could not be projected: {Reason}")]
        public static partial void DeadLettered(
            ILogger logger, string orderId, EventCoordinates source, string reason);

        [LoggerMessage(LogLevel.Information, "Order {OrderId} has no dead letter any more")]
        public static partial void Resolved(ILogger logger, string orderId);

        [LoggerMessage(LogLevel.Error, "Order {OrderId} was not recorded in the topic {Topic}: {Reason}")]
        public static partial void NotWritten(ILogger logger, string orderId, string topic, string reason);

        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
