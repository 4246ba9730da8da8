namespace Shop.Projector.Rebuilding;

/// <summary>A rebuild or rollback that this projector drives.</summary>
internal sealed class DrivenRebuild : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _trouble;

    public DrivenRebuild(bool isRollback, TimeProvider time, CancellationToken stopping)
    {
        IsRollback = isRollback;
        Progress = new(time);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Token = _stop.Token;
    }

    public bool IsRollback { get; }

    public RebuildProgress Progress { get; }

    public CancellationToken Token { get; }

    /// <summary>Why it had to start again.</summary>
    public string? Trouble
    {
        get => _trouble;
        set => _trouble = value;
    }

    public void Stop() => _stop.Cancel();

    /// <summary>Returns when nothing of it goes on.</summary>
    public Task StopAsync()
    {
        Stop();
        return _ended.Task;
    }

    public void Dispose()
    {
        _ended.TrySetResult();
        Stop();
    }
}
