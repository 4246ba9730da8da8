using Shop.Projector.Auditing;
using Shop.ReadModel;

namespace Shop.Projector.Rebuilding;

/// <summary>Takes a copy that has been begun to the moment from which readers see it.</summary>
internal sealed class RebuildRun(
    IOrderRebuild rebuild, WriteSide writeSide, CopyFill fill, CopyCompletion completion, TimeProvider time)
{
    private const int SwitchAttempts = 10;

    private static readonly TimeSpan SwitchDelay = TimeSpan.FromMilliseconds(500);

    /// <param name="isComplete">Whether the copy has nearly everything, so that comparing is quicker than filling.</param>
    public async Task RunAsync(
        IOrderCopy copy, bool isComplete, RebuildProgress progress, CancellationToken cancellationToken)
    {
        progress.Begin();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var counting = CountAsync(progress, ending.Token);
        try
        {
            if (!isComplete)
                await fill.RunAsync(copy, progress, cancellationToken);
            await SwitchAsync(copy, progress, cancellationToken);
        }
        finally
        {
            await ending.CancelAsync();
            await counting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SwitchAsync(IOrderCopy copy, RebuildProgress progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            progress.Phase = RebuildPhase.Comparing;
            await completion.RunAsync(copy, progress, cancellationToken);
            progress.Phase = RebuildPhase.Switching;
            try
            {
                await rebuild.SwitchAsync(cancellationToken);
                return;
            }
            catch (ReadStoreUnavailableException) when (attempt < SwitchAttempts)
            {
                // Long reads were in its way, or the store was away for a moment.
                await Task.Delay(SwitchDelay, time, cancellationToken);
            }
        }
    }

    // Only the estimate needs it: beside the work rather than before it.
    private async Task CountAsync(RebuildProgress progress, CancellationToken cancellationToken)
    {
        var orders = 0L;
        await foreach (var _ in writeSide.VersionsAsync(cancellationToken))
            orders++;
        progress.Orders = orders;
    }
}
