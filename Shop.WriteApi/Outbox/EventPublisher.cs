using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// Sends messages to Kafka, for each key in the order in which they are given. An unavailable broker delays them for as
/// long as it takes. Any other error ends this publisher, and the relay restarts from what is confirmed.
/// </summary>
internal sealed partial class EventPublisher : IDisposable
{
    private static readonly TimeSpan QueueFullDelay = TimeSpan.FromMilliseconds(5);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string _topic;
    private readonly TopicPartition _partitionOfKey;
    private readonly RelayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventPublisher> _logger;
    private byte[] _databaseId = [];
    private volatile int _partitions;
    private volatile string? _lastError;
    private long _acknowledgedAt;

    public EventPublisher(IConfiguration configuration, IOptions<RelayOptions> options, RelayMetrics metrics,
        TimeProvider time, ILogger<EventPublisher> logger)
    {
        (_metrics, _time, _logger) = (metrics, time, logger);
        _topic = options.Value.Topic;
        _partitionOfKey = new(_topic, Partition.Any);
        _acknowledgedAt = time.GetTimestamp();
        // The producer's thread ends publish spans: it must not inherit the suppression of the background work.
        using var traced = SuppressInstrumentationScope.Begin(false);
        _producer = new ProducerBuilder<byte[], byte[]>(Configure(configuration, options.Value.MaxInFlight))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
    }

    /// <summary>Completes, with the error, when this publisher cannot continue.</summary>
    public Task Failure => _failure.Task;

    /// <summary>The last error of the connection to the broker since the last acknowledgement.</summary>
    public string? LastError => _lastError;

    public TimeSpan SinceLastAcknowledgement => _time.GetElapsedTime(Volatile.Read(ref _acknowledgedAt));

    /// <summary>Creates the topic if it does not exist.</summary>
    public async Task EnsureTopicAsync() => _partitions = await OrdersTopic.EnsureAsync(_producer.Handle, _topic);

    /// <summary>Notices partitions that an operator has added.</summary>
    public void RefreshPartitions()
    {
        try
        {
            _partitions = OrdersTopic.PartitionsOf(_producer.Handle, _topic) ?? _partitions;
        }
        catch (KafkaException)
        {
            // The broker is not available, which delivery reports show.
        }
    }

    /// <summary>Sets the identity of the write database that the following messages carry.</summary>
    public void SetDatabaseId(Guid id) => _databaseId = EventMessage.Utf8(id);

    /// <summary>Returns when the event is queued; waits while too many messages are.</summary>
    public ValueTask PublishAsync(
        OutboxEvent row, AckTracker.Transaction transaction, CancellationToken cancellationToken)
    {
        var span = StartSpan(row);
        var message = EventMessage.Of(row, transaction.CommittedAt, _databaseId, span);
        transaction.Sending();
        return SendAsync(
            _partitionOfKey, message, report => OnReport(report.Error, row, transaction, span), cancellationToken);
    }

    /// <summary>Publishes a heartbeat to every partition.</summary>
    public async ValueTask PublishHeartbeatAsync(
        AckTracker.Transaction transaction, CancellationToken cancellationToken)
    {
        for (var partition = 0; partition < _partitions; partition++)
        {
            var message = EventMessage.OfHeartbeat(partition, transaction.CommittedAt!.Value, _databaseId);
            transaction.Sending();
            await SendAsync(new(_topic, partition), message, OnReport, cancellationToken);
        }

        void OnReport(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
                _failure.TrySetException(new KafkaException(report.Error));
            else
                Acknowledge(transaction);
        }
    }

    public void Dispose() => _producer.Dispose();

    private async ValueTask SendAsync(
        TopicPartition target, Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>> onReport,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _producer.Produce(target, message, onReport);
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
            {
                onReport(new() { Error = exception.Error });
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(QueueFullDelay, _time, cancellationToken);
            }
        }
    }

    private void OnReport(Error error, OutboxEvent row, AckTracker.Transaction transaction, Activity? span)
    {
        if (error.IsError)
            span?.SetStatus(ActivityStatusCode.Error, error.Reason);
        span?.Dispose();

        if (error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // Retrying does not help. The other events continue; the reconciler repairs this order in the read store.
            Log.TooLarge(_logger, row.OrderId, row.Version, row.Payload.Length, error.Reason);
            _metrics.Undeliverable();
        }
        else if (error.IsError)
        {
            _failure.TrySetException(new KafkaException(error));
            return;
        }
        else if (transaction.CommittedAt is { } commit)
        {
            _metrics.Published(row, _time.GetUtcNow().UtcDateTime - commit);
        }

        Acknowledge(transaction);
    }

    private void Acknowledge(AckTracker.Transaction transaction)
    {
        Volatile.Write(ref _acknowledgedAt, _time.GetTimestamp());
        _lastError = null;
        transaction.Acknowledged();
    }

    private void OnError(Error error)
    {
        _lastError = error.Reason;
        if (error.IsFatal)
            _failure.TrySetException(new KafkaException(error));
        else
            Log.Unavailable(_logger, error.Code, error.Reason);
    }

    // The span continues the command's trace: a command that is not traced has none, and a relay starts no traces.
    private Activity? StartSpan(OutboxEvent row)
    {
        if (!RelayMetrics.Activities.HasListeners()
            || !ActivityContext.TryParse(row.TraceParent, row.TraceState, isRemote: true, out var parent)
            || !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            return null;

        using var traced = SuppressInstrumentationScope.Begin(false);
        var span = RelayMetrics.Activities.StartActivity($"{_topic} publish", ActivityKind.Producer, parent);
        span?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.name", "publish")
            .SetTag("messaging.destination.name", _topic)
            .SetTag("messaging.kafka.message.key", row.OrderId.ToString())
            .SetTag("shop.order.version", row.Version)
            .SetTag("shop.event.type", row.Type);
        // The span ends on another thread; what follows on this one does not belong to it.
        Activity.Current = null;
        return span;
    }

    private static ProducerConfig Configure(IConfiguration configuration, int maxInFlight)
    {
        var config = new ProducerConfig
        {
            BootstrapServers = configuration.GetConnectionString("kafka")
                ?? throw new InvalidOperationException("ConnectionStrings:kafka is not configured."),
            ClientId = "shop-relay",
            EnableIdempotence = true,
            Acks = Acks.All,
            LingerMs = 0,
            Partitioner = Partitioner.Murmur2Random,
            // Never give up an event, or a later one of the same order would overtake it.
            MessageTimeoutMs = 0,
            MessageMaxBytes = OrdersTopic.MaxMessageBytes,
            QueueBufferingMaxMessages = maxInFlight,
            QueueBufferingMaxKbytes = 65_536,
            DeliveryReportFields = "none",
            SocketNagleDisable = true,
            ReconnectBackoffMaxMs = 1_000,
            TopicMetadataRefreshIntervalMs = 30_000,
        };
        configuration.GetSection("Kafka:Producer").Bind(config);
        return config;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Version {Version} of order {OrderId} is too large for the broker ({Bytes} bytes) "
            + "and was not published. Raise the topic's max.message.bytes: {Reason}")]
        public static partial void TooLarge(ILogger logger, Guid orderId, long version, int bytes, string reason);

        [LoggerMessage(LogLevel.Information, "Kafka is not available ({Code}): {Reason}")]
        public static partial void Unavailable(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
