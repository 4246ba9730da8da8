namespace Shop.AppHost.Hosting;

/// <summary>Signals that all services are ready.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Reached() => _reached.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken) => _reached.Task.WaitAsync(cancellationToken);
}
