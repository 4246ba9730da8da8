using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Shop.ReadApi.Orders;
using Shop.ReadModel;
using Shop.ReadModel.Consistency;
using Shop.ReadModel.Searching;

namespace Shop.ReadApi.Live;

internal sealed record LiveServices(
    CallerScope Scope, LiveFeed Feed, LivePositions Positions, IOrderChanges Changes, FreshnessReader Freshness,
    IOptions<LiveOptions> Options, TimeProvider Time, IHostApplicationLifetime Lifetime);

/// <summary>The events of one client: what it missed, then what becomes visible.</summary>
internal sealed class LiveStream(LiveSubscription subscription, OrderMatcher matcher, LiveServices services)
{
    private static readonly TimeSpan Reconnection = TimeSpan.FromSeconds(2);
    private static readonly IReadOnlyDictionary<Guid, long> Nothing = new Dictionary<Guid, long>();

    private readonly LiveOptions _options = services.Options.Value;

    /// <param name="after">The id of the last event that the client has received; null if it starts now.</param>
    public async IAsyncEnumerable<SseItem<byte[]>> ReadAsync(
        string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var _ = subscription;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, subscription.Dropped, services.Lifetime.ApplicationStopping);
        // The feed has read a position before this, so nothing is missed between the replay and the first batch.
        LiveBatch? batch = null;
        while (batch is null)
        {
            if (end.IsCancellationRequested)
                yield break;

            batch = await TryReadAsync(end.Token);
        }

        if (after is not null)
        {
            await foreach (var item in ReplayAsync(after, batch.EventId, end.Token))
                yield return item;
        }

        yield return await HeartbeatAsync(batch.EventId, Reconnection, end.Token);
        for (var next = batch; !end.IsCancellationRequested; next = await TryReadAsync(end.Token))
        {
            foreach (var item in next is null ? [] : Items(next))
                yield return item;

            // Everything before the settled position has been offered, and was sent if nothing is left.
            if (next is null && services.Feed.Settled is { } settled && subscription.IsEmpty)
                yield return await HeartbeatAsync(settled, reconnection: null, end.Token);
        }
    }

    private async IAsyncEnumerable<SseItem<byte[]>> ReplayAsync(
        string after, string present, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // No store takes an empty position for one of its own.
        for (var (position, count) = (services.Positions.TryRead(after) ?? "", 0); ;)
        {
            var read = await services.Changes.ReadAsync(position, Nothing, cancellationToken);
            count += read.Orders.Count;
            if (read.IsReset || count > _options.MaxReplayed)
            {
                yield return Reset(present);
                yield break;
            }

            foreach (var order in read.Orders.Select(order => new AnalyzedOrder(order)).Where(matcher.Matches))
                yield return Order(order, after);
            if (!read.HasMore || read.Position == position)
                yield break;

            position = read.Position;
        }
    }

    private IEnumerable<SseItem<byte[]>> Items(LiveBatch batch) => batch.IsReset
        ? [Reset(batch.EventId)]
        : batch.Orders.Where(matcher.Matches).Select(order => Order(order, batch.EventId));

    /// <returns>Null if there was no batch for a while, or the stream has ended.</returns>
    private async Task<LiveBatch?> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await subscription.TryReadAsync(_options.HeartbeatInterval, services.Time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task<SseItem<byte[]>> HeartbeatAsync(
        string eventId, TimeSpan? reconnection, CancellationToken cancellationToken)
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
        return new(JsonSerializer.SerializeToUtf8Bytes(freshness, JsonSerializerOptions.Web), "heartbeat")
        {
            EventId = eventId,
            ReconnectionInterval = reconnection,
        };
    }

    private SseItem<byte[]> Order(AnalyzedOrder order, string eventId) =>
        new(order.Order.For(services.Scope).Json.ToArray(), "order") { EventId = eventId };

    private static SseItem<byte[]> Reset(string eventId) =>
        new("""{"reason":"Events before this one may be missing. Search again."}"""u8.ToArray(), "reset")
        {
            EventId = eventId,
        };
}
