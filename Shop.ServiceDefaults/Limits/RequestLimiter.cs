using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Shop.ServiceDefaults.Health;

namespace Shop.ServiceDefaults.Limits;

/// <summary>Limits the requests of each identity and of each address.</summary>
public static class RequestLimiter
{
    private const string Subject = "sub";
    private const double Pieces = 10;
    private const int NetworkBytes = 8;

    public static PartitionedRateLimiter<HttpContext> Create(LimitOptions options) =>
        PartitionedRateLimiter.CreateChained(
            PartitionedRateLimiter.Create<HttpContext, string>(
                context => Limit(IdentityOf(context, options), options.PerIdentity)),
            PartitionedRateLimiter.Create<HttpContext, string>(
                context => Limit(IsFree(context, options) ? null : AddressOf(context), options.PerAddress)));

    /// <returns>The caller's identity; null if there is none, or if its requests are not limited.</returns>
    private static string? IdentityOf(HttpContext context, LimitOptions options) =>
        !IsFree(context, options) && context.User.Identity is { IsAuthenticated: true }
            ? context.User.FindFirst(Subject)?.Value
            : null;

    /// <summary>Limits the requests of one identity that run at the same time.</summary>
    /// <param name="queued">The maximum number of requests that wait until another one has ended.</param>
    public static RateLimitPartition<string> AtATime(
        HttpContext context, LimitOptions options, int requests, int queued = 0) =>
        IdentityOf(context, options) is { } identity
            ? RateLimitPartition.GetConcurrencyLimiter(
                identity, _ => new() { PermitLimit = requests, QueueLimit = queued })
            : RateLimitPartition.GetNoLimiter("");

    // Probes of an orchestrator must not fail because of others at its address.
    private static bool IsFree(HttpContext context, LimitOptions options) =>
        context.Request.Path.StartsWithSegments(HealthPaths.Prefix)
        || (!options.IncludeLoopback && IsLoopback(context.Connection.RemoteIpAddress));

    private static bool IsLoopback(IPAddress? address) => address is null || IPAddress.IsLoopback(address);

    private static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.Loopback;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, NetworkBytes))
            : address.ToString();
    }

    private static RateLimitPartition<string> Limit(string? key, RequestRate rate) => key is null
        ? RateLimitPartition.GetNoLimiter("")
        : RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = rate.Burst,
            // At least one token at a time, so a low rate has a longer period.
            TokensPerPeriod = Math.Max(1, (int)(rate.RequestsPerSecond / Pieces)),
            ReplenishmentPeriod = TimeSpan.FromSeconds(1 / Math.Min(Pieces, rate.RequestsPerSecond)),
        });
}
