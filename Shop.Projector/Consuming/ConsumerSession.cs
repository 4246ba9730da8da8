using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;

namespace Shop.Projector.Consuming;

/// <summary>
/// One membership in the consumer group, on a thread of its own: wait for a record, take what else is there, project it
/// as a batch. While the store does not keep up, the partitions are paused and polling continues, so that the group keeps
/// this member.
/// </summary>
internal sealed partial class ConsumerSession : IDisposable
{
    private const int FewEvents = 100;

    private static readonly TimeSpan ShortGatherLimit = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongGatherLimit = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan GatherLongAfter = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PauseAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PollLimit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ObserveInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CommittedLimit = TimeSpan.FromSeconds(5);

    private readonly ProjectorOptions _options;
    private readonly ConsumerProgress _progress;
    private readonly ReconciliationRequests _reconciliations;
    private readonly ProjectorMetrics _metrics;
    private readonly ILogger<ConsumerSession> _logger;
    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly BatchProjector _projector;
    private long _observedAt;

    public ConsumerSession(
        IConfiguration configuration, IOptions<ProjectorOptions> options, BatchProjector projector,
        ConsumerProgress progress, ReconciliationRequests reconciliations, ProjectorMetrics metrics,
        ILogger<ConsumerSession> logger)
    {
        (_options, _projector, _progress, _logger) = (options.Value, projector, progress, logger);
        (_reconciliations, _metrics) = (reconciliations, metrics);
        _consumer = new ConsumerBuilder<byte[], byte[]>(ConsumerSettings.Create(configuration, _options))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
            .SetErrorHandler((_, error) => Log.ClientError(logger, error.Code, error.Reason))
            .SetLogHandler((_, message) => Log.Client(logger, message.Facility, message.Message))
            .Build();
    }

    /// <summary>Blocks its thread until it is cancelled or fails.</summary>
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
            if (!cancellationToken.IsCancellationRequested)
                _progress.Lost();
            // In-flight batches may still complete; the next session reads the others again.
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
        Observe();
        if (!pipeline.WaitForRoom(PauseAfter))
        {
            WaitPaused(pipeline, cancellationToken);
            return;
        }

        var batch = Collect(pipeline, cancellationToken);
        if (batch.Count > 0)
            pipeline.Start(batch);
        else
            pipeline.Release();
    }

    // Few records that arrive while the store is busy wait for the batch before them, since a few orders cost the store
    // as much as one. Many are projected at once, in parallel.
    private EventBatch Collect(BatchPipeline pipeline, CancellationToken cancellationToken)
    {
        var batch = new EventBatch();
        var gatheringSince = 0L;
        while (batch.Count < _options.MaxBatchEvents && batch.Bytes < _options.MaxBatchBytes
            && !cancellationToken.IsCancellationRequested)
        {
            var isGathering = batch.Count is > 0 and < FewEvents && !pipeline.IsIdle;
            if (isGathering && gatheringSince == 0)
                gatheringSince = Stopwatch.GetTimestamp();
            var limit = batch.Count == 0 ? PollLimit
                : !isGathering ? TimeSpan.Zero
                : Stopwatch.GetElapsedTime(gatheringSince) < GatherLongAfter ? ShortGatherLimit
                : LongGatherLimit; // The store is slow or unreachable: no need to look every millisecond.
            if (Consume(limit) is { } result)
                batch.Add(result);
            else if (!isGathering)
                break;
        }

        return batch;
    }

    /// <summary>Takes the ends of the logs from the last responses of the broker, which costs no request.</summary>
    private void Observe()
    {
        if (Stopwatch.GetElapsedTime(_observedAt) < ObserveInterval)
            return;

        _observedAt = Stopwatch.GetTimestamp();
        foreach (var partition in _consumer.Assignment)
        {
            if (_consumer.GetWatermarkOffsets(partition).High is { IsSpecial: false } end)
                _progress.Observed(partition, end.Value);
        }
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
            Log.ClientError(_logger, exception.Error.Code, exception.Error.Reason);
            return null;
        }
    }

    // The committed offset is not in the log. A reconciliation repairs what was there before the log begins now.
    private void Rewind(TopicPartition partition, string reason)
    {
        Log.Gap(_logger, partition.Partition.Value, reason);
        _consumer.IncrementalUnassign([partition]);
        _consumer.IncrementalAssign([new TopicPartitionOffset(partition, Offset.Beginning)]);
        _progress.Assigned([new(partition, Offset.Beginning)]);
        _reconciliations.Add(new($"partition {partition.Partition.Value}: {reason}"));
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

            Observe();
            // Partitions assigned meanwhile are not paused yet; their records are read again after a seek.
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
            _reconciliations.Add(new("partitions were assigned to this projector"));
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
            // The client retries by itself; Rewind then handles a partition without a committed offset.
            Log.ClientError(_logger, exception.Error.Code, exception.Error.Reason);
            return partitions.ConvertAll(partition => new TopicPartitionOffset(partition, Offset.Unset));
        }
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        _progress.Revoked(partitions.Select(partition => partition.TopicPartition));
        Log.Revoked(_logger, partitions.Count);
    }

    private void OnLost(List<TopicPartitionOffset> partitions)
    {
        _progress.Lost();
        _metrics.SessionFailed();
        Log.Lost(_logger, partitions.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The group assigned {Partitions} partitions")]
        public static partial void Assigned(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Information, "The group revoked {Partitions} partitions")]
        public static partial void Revoked(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Warning, "The session with the broker timed out: {Partitions} partitions are lost")]
        public static partial void Lost(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Warning, "Partition {Partition} continues at the beginning of the log, and a "
            + "reconciliation fills the gap: {Reason}")]
        public static partial void Gap(ILogger logger, int partition, string reason);

        [LoggerMessage(LogLevel.Warning, "The read store does not keep up: paused {Partitions} partitions")]
        public static partial void Paused(ILogger logger, int partitions);

        [LoggerMessage(LogLevel.Information, "The read store accepts batches again: resumed")]
        public static partial void Resumed(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Kafka client ({Code}): {Reason}")]
        public static partial void ClientError(ILogger logger, ErrorCode code, string reason);

        [LoggerMessage(LogLevel.Debug, "{Facility}: {Message}")]
        public static partial void Client(ILogger logger, string facility, string message);
    }
}
