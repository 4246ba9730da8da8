using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Shop.ReadApi.Orders;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Live;

internal sealed record LiveServices(
    CallerScope Scope, LiveFeed Feed, LivePositions Positions, IOrderChanges Changes, FreshnessReader Freshness,
    IOptions<LiveOptions> Options, TimeProvider Time, IHostApplicationLifetime Lifetime);

/// <summary>
/// The events of one client: what it missed, then what becomes visible. Those of one read of the store are sent together.
/// </summary>
/// <param name="after">The id of the last event that the client has received; null if it starts now.</param>
internal sealed class LiveStream(
    LiveSubscription subscription, string? after, OrderMatcher matcher, LiveServices services) : IResult
{
    private const int MaxUnsent = 64 * 1024;

    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyDictionary<Guid, long> Nothing = new Dictionary<Guid, long>();

    private readonly LiveOptions _options = services.Options.Value;
    private PipeWriter _body = null!;
    private int _unsent;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        httpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        _body = response.BodyWriter;
        using var _ = subscription;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, subscription.Dropped, services.Lifetime.ApplicationStopping);
        try
        {
            await SendAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        // The feed has read a position before this, so nothing is missed between the replay and the first batch.
        LiveBatch? batch = null;
        while (batch is null)
            batch = await ReadAsync(cancellationToken);

        if (after is not null)
            await ReplayAsync(after, batch.EventId, cancellationToken);

        await SendHeartbeatAsync(batch.EventId, Reconnection, cancellationToken);
        for (var next = batch; ; next = await ReadAsync(cancellationToken))
        {
            if (next is not null)
                await SendAsync(next, cancellationToken);
            // Everything before the settled position has been offered, and was sent if nothing is left.
            else if (services.Feed.Settled is { } settled && subscription.IsEmpty)
                await SendHeartbeatAsync(settled, reconnection: null, cancellationToken);
        }
    }

    /// <returns>Null if there was no batch for a while.</returns>
    private Task<LiveBatch?> ReadAsync(CancellationToken cancellationToken) =>
        subscription.TryReadAsync(_options.HeartbeatInterval, services.Time, cancellationToken);

    private async Task ReplayAsync(string after, string present, CancellationToken cancellationToken)
    {
        // No store takes an empty position for one of its own.
        for (var (position, count) = (services.Positions.TryRead(after) ?? "", 0); ;)
        {
            var read = await services.Changes.ReadAsync(position, Nothing, cancellationToken);
            count += read.Orders.Count;
            if (read.IsReset || count > _options.MaxReplayed)
            {
                await SendAsync(new LiveBatch(present, [], IsReset: true), cancellationToken);
                return;
            }

            LiveOrder[] orders = [.. read.Orders.Select(order => new LiveOrder(new(order), after))];
            await SendAsync(new LiveBatch(after, orders, IsReset: false), cancellationToken);
            if (!read.HasMore || read.Position == position)
                return;

            position = read.Position;
        }
    }

    private async Task SendAsync(LiveBatch batch, CancellationToken cancellationToken)
    {
        if (batch.IsReset)
            await WriteAsync(await LiveEvent.ResetAsync(batch.EventId), cancellationToken);
        foreach (var order in batch.Orders)
        {
            if (matcher.Matches(order.Order))
                await WriteAsync(await order.EventAsync(services.Scope), cancellationToken);
        }

        await FlushAsync(cancellationToken);
    }

    private async Task SendHeartbeatAsync(string eventId, TimeSpan? reconnection, CancellationToken cancellationToken)
    {
        DateTimeOffset? asOf = null;
        try
        {
            asOf = (await services.Freshness.ReadAsync(cancellationToken))?.AsOf;
        }
        catch (Exception exception) when (exception is ReadStoreUnavailableException or OperationCanceledException)
        {
        }

        var freshness = FreshnessResponse.Of(asOf, services.Time.GetUtcNow());
        await WriteAsync(await LiveEvent.HeartbeatAsync(freshness, eventId, reconnection), cancellationToken);
        await FlushAsync(cancellationToken);
    }

    private ValueTask WriteAsync(byte[] data, CancellationToken cancellationToken)
    {
        _body.Write(data);
        _unsent += data.Length;
        return _unsent < MaxUnsent ? ValueTask.CompletedTask : FlushAsync(cancellationToken);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_unsent == 0)
            return;

        _unsent = 0;
        await _body.FlushAsync(cancellationToken);
    }
}
