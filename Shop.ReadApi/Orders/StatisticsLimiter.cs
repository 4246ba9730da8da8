using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Limits;

namespace Shop.ReadApi.Orders;

/// <summary>The configuration section <c>Statistics</c>.</summary>
internal sealed class StatisticsOptions
{
    /// <summary>
    /// The maximum number of statistics that are computed at the same time. PostgreSQL uses one core for each. The
    /// default is one for every two cores of this machine, which leaves the other half to searches.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>The maximum number of requests that wait for their turn. Further requests get 429.</summary>
    [Range(0, 10_000)]
    public int MaxQueued { get; set; } = 100;

    /// <summary>
    /// The maximum time that a request waits for its turn. Then it gets 429. Many requests have their turn in this time if
    /// each counts few orders.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan MaxWait { get; set; } = TimeSpan.FromMilliseconds(250);
}

/// <summary>
/// Limits the statistics that are computed at a time, because each reads all orders that it counts. Requests wait for
/// their turn, the first one first. One of each identity is computed or waits; its others wait for that one, so that an
/// identity with many requests does not delay the others.
/// </summary>
internal sealed class StatisticsLimiter : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _ofIdentity;
    private readonly PartitionedRateLimiter<HttpContext> _ofProcess;
    private readonly PartitionedRateLimiter<HttpContext> _both;
    private readonly TimeSpan _maxWait;

    public StatisticsLimiter(IOptions<StatisticsOptions> options, IOptions<LimitOptions> limits)
    {
        (var concurrent, var queued, _maxWait) =
            (options.Value.MaxConcurrent, options.Value.MaxQueued, options.Value.MaxWait);
        _ofIdentity = PartitionedRateLimiter.Create<HttpContext, string>(
            context => RequestLimiter.AtATime(context, limits.Value, requests: 1, queued));
        _ofProcess = PartitionedRateLimiter.Create<HttpContext, string>(
            _ => RateLimitPartition.GetConcurrencyLimiter("", _ => new() { PermitLimit = concurrent, QueueLimit = queued }));
        _both = PartitionedRateLimiter.CreateChained(_ofIdentity, _ofProcess);
    }

    /// <returns>A lease that ends the turn when it is disposed; null if too many requests wait, or for too long.</returns>
    public async ValueTask<RateLimitLease?> WaitForTurnAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_maxWait);
        try
        {
            var turn = await _both.AcquireAsync(context, cancellationToken: patience.Token);
            return turn.IsAcquired ? turn : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _both.Dispose();
        _ofProcess.Dispose();
        _ofIdentity.Dispose();
    }
}
