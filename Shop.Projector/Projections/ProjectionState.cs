namespace Shop.Projector.Projections;

/// <summary>What the loops of a projection and operators share: requests, and how it is doing.</summary>
internal abstract class ProjectionState(IProjection projection, ProjectionDiagnosis diagnosis) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private ProjectionRequest _pending;
    private volatile string? _maintenanceError;
    private volatile ProjectionReport? _last;

    public IProjection Projection => projection;

    public ProjectionDiagnosis Diagnosis => diagnosis;

    public string? MaintenanceError { set => _maintenanceError = value; }

    public ProjectionReport? Last { set => _last = value; }

    public ProjectionStatus Status => new(
        projection.Name, diagnosis.Progress.Lag.Events, diagnosis.Progress.Lag.Seconds,
        diagnosis.Problem ?? _maintenanceError, _pending > ProjectionRequest.None, _last);

    public void Add(ProjectionRequest request)
    {
        lock (_lock)
        {
            _pending = _pending > request ? _pending : request;
            if (_arrived.CurrentCount == 0)
                _arrived.Release();
        }
    }

    /// <summary>Waits for a request, up to a limit.</summary>
    public async Task<ProjectionRequest> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        await _arrived.WaitAsync(limit, cancellationToken);
        lock (_lock)
            return _pending;
    }

    /// <summary>Removes a request that is done, unless a larger one has arrived.</summary>
    public void Done(ProjectionRequest request)
    {
        lock (_lock)
            _pending = _pending > request ? _pending : ProjectionRequest.None;
    }

    public void Dispose() => _arrived.Dispose();
}

/// <summary>One for each projection.</summary>
internal sealed class ProjectionState<T>(T projection, ProjectionDiagnosis diagnosis)
    : ProjectionState(projection, diagnosis)
    where T : IProjection;

/// <summary>Each includes the ones before it.</summary>
internal enum ProjectionRequest
{
    None,
    Reconcile,
    Rebuild,
}

/// <param name="LagEvents">Records that are not applied yet.</param>
/// <param name="LagSeconds">
/// Time since the commit before which everything is applied. Null if other projectors consume everything.
/// </param>
/// <param name="Problem">The broken link and a sentence about it; null if there is none.</param>
/// <param name="IsRepairing">Whether a reconciliation or a rebuild is running or requested.</param>
/// <param name="Last">The last reconciliation.</param>
internal sealed record ProjectionStatus(
    string Name, long LagEvents, double? LagSeconds, string? Problem, bool IsRepairing, ProjectionReport? Last);
