using System.ComponentModel.DataAnnotations;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.ServiceDefaults.Limits;

namespace Shop.ReadApi.Orders;

/// <summary>The configuration section <c>Statistics</c>.</summary>
internal sealed class StatisticsOptions
{
    /// <summary>
    /// The maximum number of statistics that are computed at the same time. PostgreSQL uses one core for each, so the
    /// default, one for two cores of this machine, leaves the other half to searches.
    /// </summary>
    [Range(1, 1_000)]
    public int MaxConcurrent { get; set; } = HalfOfCores;

    /// <summary>
    /// The maximum number of requests that wait for their turn. Further requests get 429. With the default, which is
    /// that of <see cref="MaxConcurrent"/>, a request waits about as long as it takes to compute one.
    /// </summary>
    [Range(0, 10_000)]
    public int MaxQueued { get; set; } = HalfOfCores;

    private static int HalfOfCores => Math.Max(1, Environment.ProcessorCount / 2);
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

    public StatisticsLimiter(IOptions<StatisticsOptions> options, IOptions<LimitOptions> limits)
    {
        var (concurrent, queued) = (options.Value.MaxConcurrent, options.Value.MaxQueued);
        _ofIdentity = PartitionedRateLimiter.Create<HttpContext, string>(
            context => RequestLimiter.AtATime(context, limits.Value, requests: 1, queued));
        _ofProcess = PartitionedRateLimiter.Create<HttpContext, string>(
            _ => RateLimitPartition.GetConcurrencyLimiter("", _ => new() { PermitLimit = concurrent, QueueLimit = queued }));
        _both = PartitionedRateLimiter.CreateChained(_ofIdentity, _ofProcess);
    }

    /// <returns>A lease that ends the turn when it is disposed; not acquired if too many requests wait already.</returns>
    public ValueTask<RateLimitLease> WaitForTurnAsync(HttpContext context, CancellationToken cancellationToken) =>
        _both.AcquireAsync(context, cancellationToken: cancellationToken);

    public void Dispose()
    {
        _both.Dispose();
        _ofProcess.Dispose();
        _ofIdentity.Dispose();
    }
}
