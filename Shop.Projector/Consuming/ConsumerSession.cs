using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Shop.Projector.Auditing;
using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

/// <summary>
/// One membership in the group, on a thread of its own: block for one record, drain what is there, hand it over. While
/// the store does not keep up the partitions are paused and polling goes on, so that the group keeps this member.
/// </summary>
internal sealed partial class ConsumerSession : IDisposable
{
    private const int FewEvents = 100;

    private static readonly TimeSpan GatherLimit = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CommittedLimit = TimeSpan.FromSeconds(5);

    private readonly ProjectorOptions _options;
    private readonly ConsumerProgress _progress;
    private readonly AuditRequests _audits;
    private readonly ILogger<ConsumerSession> _logger;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly BatchProjector _projector;

    public ConsumerSession(
        IConfiguration configuration, IOptions<ProjectorOptions> options, BatchProjector projector,
        ConsumerProgress progress, AuditRequests audits, ILogger<ConsumerSession> logger)
    {
        (_options, _projector, _progress, _audits, _logger) = (options.Value, projector, progress, audits, logger);
        _consumer = new ConsumerBuilder<byte[], byte[]>(ConsumerSettings.Create(configuration, _options))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnRevoked(partitions))
            .SetErrorHandler((_, error) => Log.Trouble(logger, error.Code, error.Reason))
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
    }

    internal Handle Handle => _consumer.Handle;

    /// <summary>Blocks its thread until it is cancelled or can go no further.</summary>
    public void Run(CancellationToken cancellationToken)
    {
        using var ending = new CancellationTokenSource();
        using var pipeline = new BatchPipeline(
            _consumer, _projector, _progress, _options.MaxBatchesInFlight, ending.Token);
        _consumer.Subscribe(_options.Topic);
        try
        {
            while (!cancellationToken.IsCancellationRequested && !pipeline.HasFailed)
                Poll(pipeline, cancellationToken);
        }
        finally
        {
            // What is in flight may still be taken; what is not is read again by the next session.
            ending.CancelAfter(EndLimit);
            pipeline.Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            _consumer.Close();
        }

        if (!cancellationToken.IsCancellationRequested)
            pipeline.Completion.GetAwaiter().GetResult();
    }

    public void Dispose() => _consumer.Dispose();

    private void Poll(BatchPipeline pipeline, CancellationToken cancellationToken)
    {
        if (!pipeline.WaitForRoom(Patience))
        {
            WaitPaused(pipeline, cancellationToken);
            return;
        }

        var batch = Collect(pipeline, cancellationToken);
        if (batch.Ends.Count > 0)
            pipeline.Start(batch);
        else
            pipeline.Release();
    }

    // What comes while the store is busy with the batch before is taken along by the next one: a few orders cost the
    // store as much as one does. Many are handed over at once, so that a backlog is worked off in parallel.
    private EventBatch Collect(BatchPipeline pipeline, CancellationToken cancellationToken)
    {
        var batch = new EventBatch();
        while (batch.Records.Count < _options.MaxBatchEvents && batch.Bytes < _options.MaxBatchBytes
            && !cancellationToken.IsCancellationRequested)
        {
            var isGathering = batch.Records.Count is > 0 and < FewEvents && !pipeline.IsIdle;
            var limit = batch.Ends.Count == 0 ? PollLimit : isGathering ? GatherLimit : TimeSpan.Zero;
            if (Consume(limit) is { } result)
                batch.Add(result);
            else if (!isGathering)
                break;
        }

        return batch;
    }

    private ConsumeResult<byte[], byte[]>? Consume(TimeSpan limit)
    {
        try
        {
            return _consumer.Consume(limit);
        }
        catch (ConsumeException exception) when (exception.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            Rewind(exception.ConsumerRecord.TopicPartition, exception.Error.Reason);
            return null;
        }
        catch (ConsumeException exception) when (!exception.Error.IsFatal)
        {
            Log.Trouble(_logger, exception.Error.Code, exception.Error.Reason);
            return null;
        }
    }

    // The committed position is not in the log: what was there before its beginning comes by an audit.
    private void Rewind(TopicPartition partition, string reason)
    {
        Log.Gap(_logger, partition.Partition.Value, reason);
        _consumer.IncrementalUnassign([partition]);
        _consumer.IncrementalAssign([new TopicPartitionOffset(partition, Offset.Beginning)]);
        _progress.Assigned([new(partition, Offset.Beginning)]);
        _audits.Request($"partition {partition.Partition.Value}: {reason}");
    }

    private void WaitPaused(BatchPipeline pipeline, CancellationToken cancellationToken)
    {
        var paused = _consumer.Assignment;
        _consumer.Pause(paused);
        Log.Paused(_logger, paused.Count);
        while (!pipeline.WaitForRoom(TimeSpan.Zero))
        {
            if (cancellationToken.IsCancellationRequested || pipeline.HasFailed)
                return;

            // Nothing is paused that the group gives us meanwhile; what comes from there is read again after a seek.
            if (Consume(PollLimit) is { } result)
            {
                _consumer.Pause([result.TopicPartition]);
                _consumer.Seek(result.TopicPartitionOffset);
            }
        }

        pipeline.Release();
        _consumer.Resume(_consumer.Assignment);
        Log.Resumed(_logger);
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        var offsets = StartOf(partitions);
        if (partitions.Exists(partition => partition.Partition == 0))
            _audits.Request("this projector has taken its partitions");
        _progress.Assigned(offsets);
        Log.Assigned(_logger, partitions.Count);
        return offsets;
    }

    private List<TopicPartitionOffset> StartOf(List<TopicPartition> partitions)
    {
        try
        {
            return _consumer.Committed(partitions, CommittedLimit).ConvertAll(partition =>
                new TopicPartitionOffset(partition.TopicPartition, partition.Offset.IsSpecial
                    ? Offset.Beginning
                    : partition.Offset));
        }
        catch (KafkaException exception)
        {
            // The client asks again by itself; a partition without a committed offset then comes by way of Rewind.
            Log.Trouble(_logger, exception.Error.Code, exception.Error.Reason);
            return partitions.ConvertAll(partition => new TopicPartitionOffset(partition, Offset.Unset));
        }
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        _progress.Revoked(partitions.Select(partition => partition.TopicPartition));
        Log.Revoked(_logger, partitions.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Got {Partitions} partitions")]
        public static partial void Assigned(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Information, "Gave back {Partitions} partitions")]
        public static partial void Revoked(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Warning, "Partition {Partition} goes on at the log's beginning, an audit fills the "
            + "gap: {Reason}")]
        public static partial void Gap(ILogger logger, int partition, string reason);

        [LoggerMessage(LogLevel.Warning, "The read store does not keep up: paused {Partitions} partitions")]
        public static partial void Paused(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Information, "The read store takes batches again: resumed")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "The broker is in trouble ({Code}): {Reason}")]
        public static partial void Trouble(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
