using Microsoft.Extensions.Options;
using Shop.Contracts;
using Shop.Projector.Consuming;
using Shop.Projector.DeadLetters;
using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Reconciling;

/// <summary>Runs one reconciliation at a time: those requested, and on schedule if it has partition 0.</summary>
internal sealed partial class Reconciler(
    Reconciliation reconciliation, DeepReconciliation deep, WriteApiClient writeApi, ReadStore store, SourceDatabase source,
    DeadLetterTopic deadLetters, DeadLetterList list, ReconciliationRequests requests,
    ConsumerProgress progress, ProjectorMetrics metrics, IOptions<ProjectorOptions> options,
    ILogger<Reconciler> logger, LoopServices services) : SupervisedLoop("reconciliation", services)
{
    private static readonly TimeSpan BacklogPoll = TimeSpan.FromMilliseconds(100);

    private volatile ReconciliationStatus _status = new(IsRunning: false, Last: null, LastError: null);

    public ReconciliationStatus Status => _status with
    {
        IsRunning = _status.IsRunning || requests.ArePending,
        LastError = LastError,
    };

    protected override TimeSpan Interval => TimeSpan.Zero;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var request = await requests.TakeAsync(options.Value.ReconciliationInterval, cancellationToken);
        if (request is null && !progress.HasFirstPartition)
            return;

        request ??= new("schedule");
        _status = _status with { IsRunning = true };
        try
        {
            if (!request.IsUrgent)
                await WaitForBacklogAsync(cancellationToken);
            var report = await RunAsync(request, cancellationToken);
            source.Refusal = report.Refusal;
            metrics.Differences(report.Differences);
            _status = new(IsRunning: false, report, LastError: null);
            Log.Done(logger, report.Reason, report.Orders, report.Documents, report.Differences);
            if (report.Refusal is { } refusal)
                Log.Refused(logger, refusal);
        }
        catch
        {
            // It stays requested until it has succeeded.
            requests.Add(request);
            _status = _status with { IsRunning = false };
            throw;
        }
    }

    private async Task<ReconciliationReport> RunAsync(
        ReconciliationRequest request, CancellationToken cancellationToken)
    {
        var id = await writeApi.GetDatabaseIdAsync(cancellationToken);
        var isConfirmed = id is not null && request.Confirmed == id;
        if (request.Confirmed is { } confirmed && !isConfirmed)
            return Refused($"The confirmed write database is {confirmed}, but the write API serves {id}.");
        if (isConfirmed)
            await source.ReplaceAsync(id!.Value, cancellationToken);
        else if (id is { } met && await source.FindRecordedAsync(met, cancellationToken) is var recorded && recorded != met)
            return Refused($"{SourceDatabase.Differs(met, recorded)} Nothing was repaired.");

        var listed = list.List().ToDictionary(letter => letter.Id);
        var task = new ReconciliationTask(request.Reason, store)
        {
            DatabaseId = id,
            MayRemoveAll = isConfirmed,
            Differing = order => listed.Remove($"{order}"),
            Written = Settle,
        };
        var report = await reconciliation.RunAsync(task, cancellationToken);
        // Documents of a state that nobody has accepted yet are not overwritten either.
        if (request.IsDeep && report.Refusal is null)
            report = await deep.RunAsync(task, report, cancellationToken);
        // Listed before the comparison began and found equal: whatever brought it up to date, it is.
        foreach (var letter in listed.Values.Where(letter => Guid.TryParse(letter.Id, out _)))
            deadLetters.Resolve(letter.Id, long.MaxValue);
        return report;

        ReconciliationReport Refused(string refusal) => new(request.Reason, Time.GetUtcNow())
        {
            FinishedAt = Time.GetUtcNow(),
            DatabaseId = id,
            Refusal = refusal,
        };
    }

    private void Settle(IndexOutcome outcome, SerializedOrder document)
    {
        if (outcome.Result == IndexResult.Rejected)
            deadLetters.Add(document.Id, outcome.Reason ?? "The store rejected it.", document.Version);
        else
            deadLetters.Resolve($"{document.Id}", long.MaxValue);
    }

    private async Task WaitForBacklogAsync(CancellationToken cancellationToken)
    {
        var deadline = Time.GetUtcNow() + options.Value.MaxBacklogWait;
        while (!progress.HasAtMost(options.Value.MaxBatchEvents) && Time.GetUtcNow() < deadline)
            await Task.Delay(BacklogPoll, Time, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Reconciliation ({Reason}): {Orders} orders, {Documents} documents, "
            + "{Differences} differences")]
        public static partial void Done(ILogger logger, string reason, long orders, long documents, long differences);

        [LoggerMessage(LogLevel.Error, "Reconciliation: {Refusal}")]
        public static partial void Refused(ILogger logger, string refusal);
    }
}

/// <param name="IsRunning">Whether one runs or is about to.</param>
/// <param name="LastError">Why the last attempt failed; null if it succeeded.</param>
internal sealed record ReconciliationStatus(bool IsRunning, ReconciliationReport? Last, string? LastError);
