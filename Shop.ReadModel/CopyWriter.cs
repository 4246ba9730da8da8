namespace Shop.ReadModel;

/// <summary>
/// Writes to the live copy and, while there is one, to the copy that a rebuild fills. That one comes first: what a
/// reader has seen in the live copy is in the other one already, whenever they are switched.
/// </summary>
/// <remarks>
/// What a process knows of the copies is at most one lifetime old. A rebuild that waits longer than that before it
/// reads the write side misses no event: what was written to the live copy alone had happened before.
/// </remarks>
internal sealed class CopyWriter(
    Func<CancellationToken, Task<WrittenCopies>> look, TimeSpan lifetime, TimeProvider time)
{
    private volatile Known? _known;

    public async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        Func<IOrderCopy, Task<IReadOnlyList<IndexOutcome>>> write, CancellationToken cancellationToken)
    {
        var (live, next) = await GetAsync(cancellationToken);
        if (next is null)
            return await write(live);

        var toNext = await WriteToNextAsync(next, write, cancellationToken);
        var outcomes = await write((await GetAsync(cancellationToken)).Live);
        // A document that only an outdated schema refuses is not the order's fault.
        return toNext is { } others
            ? [.. outcomes.Zip(others, (ours, other) => ours.Result is IndexResult.Rejected ? other : ours)]
            : outcomes;
    }

    /// <summary>Returns when every process that writes knows the copies as they were when this was called.</summary>
    public Task KnownByAllAsync(CancellationToken cancellationToken)
    {
        _known = null;
        return Task.Delay(lifetime * 2, time, cancellationToken);
    }

    private async Task<IReadOnlyList<IndexOutcome>?> WriteToNextAsync(
        IOrderCopy next, Func<IOrderCopy, Task<IReadOnlyList<IndexOutcome>>> write, CancellationToken cancellationToken)
    {
        try
        {
            return await write(next);
        }
        catch (ReadStoreUnavailableException)
        {
            // It may have become the live copy, or have been dropped.
            _known = null;
            if ((await GetAsync(cancellationToken)).Next is not null)
                throw;

            return null;
        }
    }

    private async ValueTask<WrittenCopies> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetElapsedTime(known.LookedAt) < lifetime)
            return known.Copies;

        var lookedAt = time.GetTimestamp();
        var copies = await look(cancellationToken);
        _known = new(copies, lookedAt);
        return copies;
    }

    private sealed record Known(WrittenCopies Copies, long LookedAt);
}

/// <param name="Next">The copy that a rebuild fills, where there is one.</param>
internal sealed record WrittenCopies(IOrderCopy Live, IOrderCopy? Next);
