using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
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

    private ProjectionSession? _session;
    private long _settledAt;

    protected override TimeSpan Interval => TimeSpan.Zero;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Close();
    }

    /// <summary>Gathers and applies once.</summary>
    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            _session ??= await OpenAsync(cancellationToken);
            await StepAsync(_session, cancellationToken);
            state.ConsumerError = null;
        }
        catch (Exception exception)
        {
            state.ConsumerError = exception.Message;
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
        await projection.EnsureCreatedAsync(cancellationToken);
        _settledAt = Time.GetTimestamp();
        return new(configuration, projector.Value, projection.Name);
    }

    private async Task StepAsync(ProjectionSession session, CancellationToken cancellationToken)
    {
        if (orders.Lag.Events > projector.Value.MaxBatchEvents)
            await Task.Delay(BacklogPause, Time, cancellationToken);

        var gathered = await Task.Run(() => session.Gather(options.Value, cancellationToken), cancellationToken);
        if (gathered.Count > 0)
            await projection.ApplyAsync(gathered, cancellationToken);
        state.LagEvents = session.LagEvents;
        if (session.TakeGap())
            state.Add(ProjectionRequest.Rebuild);
        if (Time.GetElapsedTime(_settledAt) < options.Value.SettleInterval)
            return;

        _settledAt = Time.GetTimestamp();
        if (await projection.SettleAsync(cancellationToken))
            session.Commit();
    }
}
