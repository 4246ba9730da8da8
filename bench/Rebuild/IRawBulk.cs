namespace Shop.Bench.Rebuild;

/// <summary>The control arm: documents made beforehand, sent as fast as the server takes them.</summary>
internal interface IRawBulk : IAsyncDisposable
{
    /// <summary>Writes all into an empty copy and makes them readable.</summary>
    /// <returns>Their number.</returns>
    Task<long> WriteAsync(CancellationToken cancellationToken);
}
