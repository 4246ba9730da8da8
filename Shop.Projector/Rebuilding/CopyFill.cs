using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Auditing;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>
/// Writes what the write side has and a copy lacks: all of it into an empty one, the rest into an unfinished one. The
/// memory it takes does not grow with the number of orders.
/// </summary>
internal sealed class CopyFill(WriteSide writeSide, IOptions<ProjectorOptions> options)
{
    private const int BatchSize = 1_000;

    public Task RunAsync(IOrderCopy copy, RebuildProgress progress, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions
        {
            MaxDegreeOfParallelism = options.Value.MaxBatchesInFlight,
            CancellationToken = cancellationToken,
        };
        return Parallel.ForEachAsync(
            BatchesAsync(copy, progress, cancellationToken),
            parallel,
            async (states, token) =>
            {
                // What the copy refuses is found by the comparison that follows.
                await copy.ApplyAsync([.. states.Select(SerializedOrder.From)], token);
                progress.Add(states.Count);
            });
    }

    private async IAsyncEnumerable<List<OrderDocument>> BatchesAsync(
        IOrderCopy copy, RebuildProgress progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stored = copy.VersionsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        var hasStored = await stored.MoveNextAsync();
        List<OrderDocument> batch = new(BatchSize);
        await foreach (var state in writeSide.StatesAsync(cancellationToken))
        {
            // Both are in id order.
            while (hasStored && stored.Current.Id.CompareTo(state.Id) < 0)
                hasStored = await stored.MoveNextAsync();
            if (hasStored && stored.Current.Id == state.Id && stored.Current.Version >= state.Version)
            {
                progress.Add(1);
                continue;
            }

            batch.Add(state);
            if (batch.Count < BatchSize)
                continue;
            yield return batch;
            batch = new(BatchSize);
        }

        if (batch.Count > 0)
            yield return batch;
    }
}
