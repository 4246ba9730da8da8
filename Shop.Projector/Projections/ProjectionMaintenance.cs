using Microsoft.Extensions.Options;
using Shop.Projector.Consuming;
using Shop.Projector.Projecting;
using Shop.Projector.Reconciling;
using Shop.ReadModel;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Projections;

/// <summary>
/// Reconciles and rebuilds a projection: on request, and by itself in the process that has partition 0 of the orders.
/// </summary>
internal sealed class ProjectionMaintenance<T>(
    ProjectionState<T> state, T projection, WriteApiClient writeApi, SourceDatabase source, ConsumerProgress orders,
    IOptions<ProjectorOptions> options, LoopServices services)
    : SupervisedLoop($"{projection.Name} maintenance", services)
    where T : IProjection
{
    private long? _reconciledAt;

    protected override TimeSpan Interval => TimeSpan.Zero;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var request = await state.WaitAsync(options.Value.VerifyInterval, cancellationToken);
        try
        {
            if (request < ProjectionRequest.Rebuild && orders.HasFirstPartition)
                request = await FindDueAsync(request, cancellationToken);
            if (request == ProjectionRequest.Rebuild)
                await RebuildAsync(cancellationToken);
            if (request != ProjectionRequest.None)
                await ReconcileAsync(cancellationToken);
            state.Done(request);
            state.MaintenanceError = null;
        }
        catch (Exception exception)
        {
            state.MaintenanceError = ProjectionDiagnosis.Describe(exception);
            // It stays requested until it has succeeded.
            state.Add(request);
            throw;
        }
    }

    private async Task<ProjectionRequest> FindDueAsync(ProjectionRequest request, CancellationToken cancellationToken)
    {
        if (await projection.EnsureCreatedAsync(cancellationToken) != IndexState.Ready)
            return ProjectionRequest.Rebuild;

        // What is missing may be in the backlog of either.
        var isDue = _reconciledAt is not { } last || Time.GetElapsedTime(last) >= options.Value.ReconciliationInterval;
        return isDue && orders.HasAtMost(options.Value.MaxBatchEvents)
            && state.Diagnosis.Progress.HasAtMost(options.Value.MaxBatchEvents)
            ? ProjectionRequest.Reconcile
            : request;
    }

    private async Task RebuildAsync(CancellationToken cancellationToken)
    {
        if ((source.Problem ?? source.Refusal) is { } problem)
            throw new InvalidOperationException($"Nothing is rebuilt. {problem}");

        var database = await writeApi.GetDatabaseIdAsync(cancellationToken);
        await projection.RebuildAsync(writeApi.DocumentsAsync(cancellationToken, database), cancellationToken);
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        var report = await projection.ReconcileAsync(cancellationToken);
        state.Last = report;
        _reconciledAt = Time.GetTimestamp();
        if (report.NeedsRebuild)
            state.Add(ProjectionRequest.Rebuild);
    }
}
