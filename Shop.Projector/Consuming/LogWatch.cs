using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Options;
using Shop.Projector.Projecting;
using Shop.ReadModel;

namespace Shop.Projector.Consuming;

/// <summary>
/// Asks about once a second where the log of each partition ends, and stores up to when the documents are complete:
/// where the store has everything up to that end, that is the moment of asking.
/// </summary>
internal sealed partial class LogWatch(
    ConsumerProgress progress, IOrderIndex index, ReadStore store, IOptions<ProjectorOptions> options,
    TimeProvider time, ILogger<LogWatch> logger)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(5);

    private readonly ProjectorOptions _options = options.Value;

    public async Task RunAsync(Handle handle, CancellationToken cancellationToken)
    {
        using var admin = new DependentAdminClientBuilder(handle).Build();
        // Apart from each other: what keeps the freshness from being saved may be what a verification puts right.
        await Task.WhenAll(
            RepeatAsync(_options.FreshnessInterval, () => WatchAsync(admin, cancellationToken), cancellationToken),
            RepeatAsync(_options.VerifyInterval, () => store.VerifyAsync(cancellationToken), cancellationToken));
    }

    private async Task RepeatAsync(TimeSpan interval, Func<Task> act, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await act();
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    private async Task WatchAsync(IAdminClient admin, CancellationToken cancellationToken)
    {
        await ObserveAsync(admin);
        await SaveAsync(cancellationToken);
    }

    private async Task ObserveAsync(IAdminClient admin)
    {
        var partitions = progress.Snapshot().Select(partition => partition.Partition).ToArray();
        if (partitions.Length == 0)
            return;

        var at = time.GetUtcNow();
        var begins = await OffsetsAsync(admin, partitions, OffsetSpec.Earliest());
        var ends = await OffsetsAsync(admin, partitions, OffsetSpec.Latest());
        foreach (var partition in partitions)
        {
            if (begins.TryGetValue(partition, out var begin) && ends.TryGetValue(partition, out var end))
                progress.Observed(partition, begin, end, at);
        }
    }

    private static async Task<Dictionary<TopicPartition, long>> OffsetsAsync(
        IAdminClient admin, TopicPartition[] partitions, OffsetSpec which)
    {
        var result = await admin.ListOffsetsAsync(
            partitions.Select(partition =>
                new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = which }),
            new() { RequestTimeout = RequestLimit });
        return result.ResultInfos
            .Select(info => info.TopicPartitionOffsetError)
            .Where(offset => !offset.Error.IsError)
            .ToDictionary(offset => offset.TopicPartition, offset => offset.Offset.Value);
    }

    private async Task SaveAsync(CancellationToken cancellationToken)
    {
        var asOf = progress.Snapshot()
            .ToDictionary(partition => partition.Partition.Partition.Value, partition => partition.AsOf);
        if (asOf.Count > 0)
            await index.SaveFreshnessAsync(new(asOf, asOf.Count, time.GetUtcNow(), Problem: null), cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Freshness is not known, or the store not verified: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
