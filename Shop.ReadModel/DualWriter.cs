using Microsoft.Extensions.Logging;
using Shop.Contracts;

namespace Shop.ReadModel;

/// <summary>
/// Writes to the shadow, if there is one, and then to the live generation. In this order the shadow always has what
/// readers have seen in the live generation, so a cutover is possible at any moment.
/// </summary>
/// <remarks>
/// <para>
/// The view of the generations is never older than <see cref="DualWriteOptions.StateLifetime"/> when a batch, or its
/// live write, starts. A rebuild waits twice as long after it changes them. A batch that started before a shadow was
/// known contains events that were committed before the rebuild reads the write database.
/// </para>
/// <para>
/// A shadow that cannot be written in time is abandoned in the store before the live write starts. The live write
/// itself never depends on the shadow.
/// </para>
/// </remarks>
internal sealed partial class DualWriter(
    IGenerationStore generations, DualWriteOptions options, TimeProvider time, ILogger<DualWriter> logger)
{
    private readonly ILogger _logger = logger;
    private volatile Known? _known;
    private volatile RebuildRecord? _unsaved;

    /// <param name="isRepair">Whether equal versions are written too.</param>
    public async Task<IReadOnlyList<IndexOutcome>> WriteAsync(
        IReadOnlyList<SerializedOrder> documents, bool isRepair, CancellationToken cancellationToken)
    {
        if (documents.Count == 0)
            return [];

        var shadow = (await GetStateAsync(cancellationToken)).Shadow;
        if (shadow is null || await IsAbandonedAsync(shadow, cancellationToken))
            return await SendAsync(generations.Live, documents, isRepair, cancellationToken);

        var shadowed = await WriteToShadowAsync(shadow, documents, isRepair, cancellationToken);
        // The live write must not start with an outdated view; see the remarks.
        await GetStateAsync(cancellationToken);
        var outcomes = await SendAsync(generations.Live, documents, isRepair, cancellationToken);
        return shadowed is null ? outcomes : await MergeAsync(shadow, outcomes, shadowed, cancellationToken);
    }

    private static Task<IReadOnlyList<IndexOutcome>> SendAsync(
        IOrderGeneration generation, IReadOnlyList<SerializedOrder> documents, bool isRepair,
        CancellationToken cancellationToken) =>
        isRepair
            ? generation.RepairAsync(documents, cancellationToken)
            : generation.ApplyAsync(documents, cancellationToken);

    /// <returns>Null if there is no shadow any more, or if it was abandoned.</returns>
    private async Task<IReadOnlyList<IndexOutcome>?> WriteToShadowAsync(
        string shadow, IReadOnlyList<SerializedOrder> documents, bool isRepair, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.ShadowTimeout, time);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var outcomes = await SendAsync(generations.Shadow, documents, isRepair, bounded.Token);
            if ((await GetStateAsync(bounded.Token)).IsCuttingOver)
                await generations.MakeShadowSearchableAsync(bounded.Token);
            return outcomes;
        }
#pragma warning disable CA1031 // A failure of the shadow must not stop the live write.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // A cutover or a cancellation has removed the shadow, which is not an error.
            _known = null;
            var reason = timeout.IsCancellationRequested
                ? $"A write to the shadow took longer than {options.ShadowTimeout.TotalSeconds:0.#} s."
                : $"The shadow could not be written: {exception.Message}";
            if ((await GetStateAsync(cancellationToken)).Shadow == shadow)
                await GiveUpAsync(shadow, reason, cancellationToken);
            return null;
        }
    }

    private async Task<IReadOnlyList<IndexOutcome>> MergeAsync(
        string shadow, IReadOnlyList<IndexOutcome> live, IReadOnlyList<IndexOutcome> shadowed,
        CancellationToken cancellationToken)
    {
        for (var i = 0; i < live.Count; i++)
        {
            if (shadowed[i].Result is not IndexResult.Rejected || live[i].Result is IndexResult.Rejected)
                continue;

            var reason = $"The shadow rejects order {live[i].OrderId}, which the live generation accepts: "
                + shadowed[i].Reason;
            // If the shadow has gone live meanwhile, its outcome counts.
            return await GiveUpAsync(shadow, reason, cancellationToken) ? live : shadowed;
        }

        // A document that is rejected only by an outdated live schema is not a dead letter.
        return [.. live.Zip(shadowed, (ours, other) => ours.Result is IndexResult.Rejected ? other : ours)];
    }

    /// <returns>False if the generation is no longer the shadow.</returns>
    private async Task<bool> GiveUpAsync(string shadow, string reason, CancellationToken cancellationToken)
    {
        Log.GivenUp(_logger, shadow, reason);
        _unsaved = new(RebuildOutcome.GivenUp, shadow, IsRollback: false, time.GetUtcNow(), Reason: reason);
        return await SaveAsync(_unsaved, cancellationToken);
    }

    private async Task<bool> IsAbandonedAsync(string shadow, CancellationToken cancellationToken) =>
        _unsaved is { } unsaved && unsaved.Abandons(shadow) && await SaveAsync(unsaved, cancellationToken);

    private async Task<bool> SaveAsync(RebuildRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var isAbandoned = await generations.AbandonShadowAsync(record, cancellationToken);
            (_unsaved, _known) = (null, null);
            return isAbandoned;
        }
        catch (ReadStoreUnavailableException exception)
        {
            // Retried before the next batch. If the shadow goes live first, the reconciliation after the cutover writes
            // what is missing.
            Log.NotSaved(_logger, record.Generation, exception.Message);
            return true;
        }
    }

    private async ValueTask<GenerationState> GetStateAsync(CancellationToken cancellationToken)
    {
        if (_known is { } known && time.GetElapsedTime(known.ReadAt) < options.StateLifetime)
            return known.State;

        var readAt = time.GetTimestamp();
        var state = await generations.ReadAsync(cancellationToken);
        _known = new(state, readAt);
        return state;
    }

    private sealed record Known(GenerationState State, long ReadAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The rebuild into {Shadow} was given up: {Reason}")]
        public static partial void GivenUp(ILogger logger, string shadow, string reason);

        [LoggerMessage(LogLevel.Warning, "The shadow {Shadow} could not be abandoned, which is retried: {Reason}")]
        public static partial void NotSaved(ILogger logger, string? shadow, string reason);
    }
}

/// <param name="StateLifetime">The maximum age of a process' view of the generations.</param>
/// <param name="ShadowTimeout">The maximum time that a live batch waits for the shadow, once per rebuild.</param>
internal sealed record DualWriteOptions(TimeSpan StateLifetime, TimeSpan ShadowTimeout);
