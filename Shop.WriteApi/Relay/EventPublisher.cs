using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Shop.WriteApi.Relay;

/// <summary>
/// Sends events in the order in which they are given, for each key. A broker that is away holds them up for as long as
/// it takes; any other error ends this publisher, and the relay starts again from what it has confirmed.
/// </summary>
internal sealed partial class EventPublisher : IDisposable
{
    private static readonly TimeSpan QueueFullDelay = TimeSpan.FromMilliseconds(5);

    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TaskCompletionSource _failure = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RelayOptions _options;
    private readonly RelayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventPublisher> _logger;

    public EventPublisher(IConfiguration configuration, IOptions<RelayOptions> options, RelayMetrics metrics,
        TimeProvider time, ILogger<EventPublisher> logger)
    {
        (_options, _metrics, _time, _logger) = (options.Value, metrics, time, logger);
        _producer = new ProducerBuilder<byte[], byte[]>(Configure(configuration, _options.MaxInFlight))
            .SetErrorHandler((_, error) => OnError(error))
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
    }

    /// <summary>Completes, with the error, when this publisher can go no further.</summary>
    public Task Failure => _failure.Task;

    internal Handle Handle => _producer.Handle;

    /// <summary>Returns when the event is on its way; waits while too many are.</summary>
    /// <param name="committedAt">When the event's transaction was committed; null when that is not known.</param>
    public async ValueTask PublishAsync(OutboxEvent row, PublishedPrefix.Transaction transaction,
        DateTimeOffset? committedAt, CancellationToken cancellationToken)
    {
        var span = StartSpan(row, _options.Topic);
        var message = EventMessage.From(row, span);
        transaction.Sending();
        while (!TrySend(message, report => OnReport(report.Error, row, transaction, committedAt, span)))
            await Task.Delay(QueueFullDelay, _time, cancellationToken);
    }

    public void Dispose() => _producer.Dispose();

    private bool TrySend(Message<byte[], byte[]> message, Action<DeliveryReport<byte[], byte[]>> onReport)
    {
        try
        {
            _producer.Produce(_options.Topic, message, onReport);
            return true;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            onReport(new() { Error = exception.Error });
            return true;
        }
    }

    private void OnReport(Error error, in OutboxEvent row, PublishedPrefix.Transaction transaction,
        DateTimeOffset? committedAt, Activity? span)
    {
        if (error.IsError)
            span?.SetStatus(ActivityStatusCode.Error, error.Reason);
        span?.Dispose();

        if (error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // No retry makes it smaller. The others go on; the projector's audit fetches this order's state.
            Log.Undeliverable(_logger, row.OrderId, row.Version, row.Payload.Length, error.Reason);
            _metrics.Undeliverable();
        }
        else if (error.IsError)
        {
            _failure.TrySetException(new KafkaException(error));
            return;
        }
        else if (committedAt is { } commit)
        {
            _metrics.Published(_time.GetUtcNow() - commit);
        }

        transaction.Acknowledged();
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
            _failure.TrySetException(new KafkaException(error));
        else
            Log.Trouble(_logger, error.Code, error.Reason);
    }

    private static Activity? StartSpan(in OutboxEvent row, string topic)
    {
        _ = ActivityContext.TryParse(row.TraceParent, row.TraceState, isRemote: true, out var parent);
        var span = RelayMetrics.Activities.StartActivity($"{topic} publish", ActivityKind.Producer, parent);
        span?.SetTag("messaging.system", "kafka")
            .SetTag("messaging.operation.name", "publish")
            .SetTag("messaging.destination.name", topic)
            .SetTag("messaging.kafka.message.key", row.OrderId.ToString())
            .SetTag("shop.order.version", row.Version)
            .SetTag("shop.event.type", row.Type);
        // The span ends in another thread; what follows here does not belong to it.
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
            // An event is never given up, else a later one of the same order would overtake it.
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
        [LoggerMessage(LogLevel.Error, "The broker can never take version {Version} of order {OrderId} "
            + "({Bytes} bytes): {Reason}")]
        public static partial void Undeliverable(ILogger logger, Guid orderId, long version, int bytes, string reason);

        [LoggerMessage(LogLevel.Warning, "The broker is in trouble ({Code}): {Reason}")]
        public static partial void Trouble(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
