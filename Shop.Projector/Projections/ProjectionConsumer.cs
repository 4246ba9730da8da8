using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Projections;

/// <summary>
/// Applies the events of the topic to a projection. A session that fails is followed by one from the committed offsets.
/// </summary>
internal sealed class ProjectionConsumer<T>(
    ProjectionState<T> state, T projection, ConsumerProgress orders, IConfiguration configuration,
    IOptions<ProjectorOptions> projector, IOptions<ProjectionOptions> options, LoopServices services)
    : SupervisedLoop($"{projection.Name} projection", services)
    where T : IProjection
{
    /// <summary>While orders have a backlog, they get most of the processor.</summary>
    private static readonly TimeSpan BacklogPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan BacklogPoll = TimeSpan.FromMilliseconds(50);

    private readonly ProjectionDiagnosis _diagnosis = state.Diagnosis;

    private ProjectionSession? _session;
    private long _settledAt;

    protected override TimeSpan Interval => TimeSpan.Zero;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // If the time to stop has passed, the loop still uses the session.
        if (ExecuteTask?.IsCompleted != false)
            Close();
    }

    /// <summary>Gathers and applies once.</summary>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            _session ??= await OpenAsync(cancellationToken);
            await StepAsync(_session, cancellationToken);
        }
        catch (Exception exception)
        {
            _diagnosis.Failed(exception);
            Close();
            throw;
        }
    }

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }

    private async Task<ProjectionSession> OpenAsync(CancellationToken cancellationToken)
    {
        _diagnosis.Begin(ProjectionStep.Opening);
        await _diagnosis.ObserveAsync(projection.EnsureCreatedAsync(cancellationToken));
        _settledAt = Time.GetTimestamp();
        var session = new ProjectionSession(configuration, projector.Value, _diagnosis.Progress, projection.Name);
        _diagnosis.Succeeded(ProjectionStep.Opening);
        return session;
    }

    private async Task StepAsync(ProjectionSession session, CancellationToken cancellationToken)
    {
        _diagnosis.Begin(ProjectionStep.Gathering);
        var batch = await Task.Run(() => session.Gather(options.Value, cancellationToken), cancellationToken);
        _diagnosis.ClientError = session.LastError;
        _diagnosis.Succeeded(ProjectionStep.Gathering);
        // Events that cannot be read are dead letters of the orders, and left out here.
        var documents = BatchProjection.Of(batch.Records).Documents;
        if (documents.Count > 0)
        {
            _diagnosis.Begin(ProjectionStep.Applying);
            await _diagnosis.ObserveAsync(projection.ApplyAsync(documents, cancellationToken));
        }

        session.Applied(batch);
        // What failed here may have been applied by another replica since.
        if (documents.Count > 0 || _diagnosis.Progress.HasAtMost(0))
            _diagnosis.Succeeded(ProjectionStep.Applying);
        if (session.TakeGap())
            state.Add(ProjectionRequest.Rebuild);
        await SettleAsync(session, cancellationToken);
        await YieldAsync(cancellationToken);
    }

    private async Task SettleAsync(ProjectionSession session, CancellationToken cancellationToken)
    {
        if (Time.GetElapsedTime(_settledAt) < options.Value.SettleInterval)
            return;

        _settledAt = Time.GetTimestamp();
        _diagnosis.Begin(ProjectionStep.Settling);
        var isSettled = await _diagnosis.SettleAsync(projection.SettleAsync(cancellationToken));
        if (isSettled)
            session.Commit();
        _diagnosis.Succeeded(ProjectionStep.Settling);
        if (isSettled)
            _diagnosis.Settled();
    }

    private async Task YieldAsync(CancellationToken cancellationToken)
    {
        var started = Time.GetTimestamp();
        while (orders.Lag.Events > projector.Value.MaxBatchEvents && Time.GetElapsedTime(started) < BacklogPause)
            await Task.Delay(BacklogPoll, Time, cancellationToken);
    }
}
