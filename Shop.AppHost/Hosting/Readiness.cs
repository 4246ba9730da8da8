namespace Shop.AppHost.Hosting;

/// <summary>The moment from which on the shop can be used.</summary>
internal sealed class Readiness
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Reached() => _reached.TrySetResult();

    public Task WaitAsync(CancellationToken cancellationToken) => _reached.Task.WaitAsync(cancellationToken);
}
