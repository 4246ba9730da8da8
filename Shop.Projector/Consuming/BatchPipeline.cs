using Confluent.Kafka;
using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

/// <summary>
/// A few batches on their way into the store at the same time. Their order does not matter to the documents, which are
/// guarded by version; offsets are stored in order, each after the store took its batch and all before it.
/// </summary>
internal sealed class BatchPipeline(
    IConsumer<byte[], byte[]> consumer, BatchProjector projector, ConsumerProgress progress, int capacity,
    CancellationToken cancellationToken) : IDisposable
{
    private readonly SemaphoreSlim _room = new(capacity);
    private volatile Task _last = Task.CompletedTask;

    /// <summary>Completes when all that was given has been taken; fails when a batch could not be.</summary>
    public Task Completion => _last;

    /// <summary>Whether all that was given has been taken, or could not be.</summary>
    public bool IsIdle => _last.IsCompleted;

    public bool HasFailed => _last is { IsCompleted: true, IsCompletedSuccessfully: false };

    public bool WaitForRoom(TimeSpan limit) => _room.Wait(limit);

    /// <summary>Hands over a batch; the caller has waited for room.</summary>
    public void Start(EventBatch batch) => _last = RunAsync(batch, _last);

    /// <summary>Gives back room that was not used.</summary>
    public void Release() => _room.Release();

    /// <summary>To be called when <see cref="Completion"/> has completed.</summary>
    public void Dispose() => _room.Dispose();

    private async Task RunAsync(EventBatch batch, Task previous)
    {
        try
        {
            // The thread that called goes on reading.
            var projecting = Task.Run(() => projector.ProjectAsync(batch, cancellationToken), cancellationToken);
            await Task.WhenAll(projecting, previous);
            foreach (var (partition, (next, publishedAt)) in batch.Ends)
                Store(partition, next, publishedAt);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Store(TopicPartition partition, Offset next, DateTimeOffset publishedAt)
    {
        progress.Taken(partition, next, publishedAt);
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, next));
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_State)
        {
            // The partition was given to another member meanwhile; that one starts at what is committed.
        }
    }
}
