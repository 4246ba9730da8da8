using Confluent.Kafka;
using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

/// <summary>
/// A few batches that are projected at the same time. Versions guard the documents, so the order of batches does not
/// matter to them. Offsets are stored in order, each after its batch and all batches before it.
/// </summary>
internal sealed class BatchPipeline(
    IConsumer<byte[], byte[]> consumer, BatchProjector projector, ConsumerProgress progress, int capacity,
    CancellationToken cancellationToken) : IDisposable
{
    private readonly SemaphoreSlim _room = new(capacity);
    private volatile Task _last = Task.CompletedTask;

    /// <summary>Completes after all batches so far; fails if one of them failed.</summary>
    public Task Completion => _last;

    /// <summary>Whether all batches so far have ended.</summary>
    public bool IsIdle => _last.IsCompleted;

    public bool HasFailed => _last is { IsCompleted: true, IsCompletedSuccessfully: false };

    public bool WaitForRoom(TimeSpan limit) => _room.Wait(limit);

    /// <summary>Projects a batch; the caller has waited for room.</summary>
    public void Start(EventBatch batch) => _last = RunAsync(batch, _last);

    /// <summary>Releases room that was not used.</summary>
    public void Release() => _room.Release();

    /// <summary>Call it after <see cref="Completion"/> has completed.</summary>
    public void Dispose() => _room.Dispose();

    private async Task RunAsync(EventBatch batch, Task previous)
    {
        try
        {
            // The calling thread continues to consume.
            var projecting = Task.Run(() => projector.ProjectAsync(batch, cancellationToken), cancellationToken);
            await Task.WhenAll(projecting, previous);
            foreach (var (partition, end) in batch.Ends)
                Store(partition, end);
        }
        finally
        {
            _room.Release();
        }
    }

    private void Store(TopicPartition partition, PartitionEnd end)
    {
        progress.Advance(partition, end.Next, end.AsOf);
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, end.Next));
        }
        catch (KafkaException exception) when (exception.Error.Code == ErrorCode.Local_State)
        {
            // The partition was assigned to another member meanwhile, which starts at the committed offset.
        }
    }
}
