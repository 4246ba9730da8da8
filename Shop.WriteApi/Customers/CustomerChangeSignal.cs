namespace Shop.WriteApi.Customers;

/// <summary>Wakes this process's worker when a customer was changed, so that the orders follow at once.</summary>
internal sealed class CustomerChangeSignal : IDisposable
{
    private readonly SemaphoreSlim _changes = new(0);

    public void Set() => _changes.Release();

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        await _changes.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _changes.Dispose();
}
