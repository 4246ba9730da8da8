using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.ReadApi.Documents;
using Shop.ReadApi.Orders;
using Shop.ServiceDefaults.Limits;
using Shop.ServiceDefaults.Security;

namespace Shop.ReadApi.Live;

internal static class LiveApi
{
    private const string StreamsOfIdentity = "streams of an identity";

    public static void AddLive(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LiveOptions>().BindConfiguration("Live").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<RateLimiterOptions>().Configure<IOptions<LiveOptions>, IOptions<LimitOptions>>(
            (limiter, live, limits) => limiter.AddPolicy(StreamsOfIdentity, context =>
                RequestLimiter.AtATime(context, limits.Value, live.Value.MaxStreamsPerIdentity)));
        builder.Services.AddSingleton(new LivePositions(CursorKey.Read(builder)));
        builder.Services.AddSingleton<LiveFeed>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<LiveFeed>());
    }

    public static void MapLive(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders/live", LiveOrders.Handle)
            .WithTags("Orders")
            .DescribeRead(Examples.Live)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .WithName("WatchOrders")
            .WithSummary("Receive orders as they become searchable")
            .WithDescription(
                "Server-sent events. 'order' has an order that a search with this text and these filters finds now, as "
                + "in a search; it can be repeated, and the highest version counts. 'heartbeat' has the freshness. "
                + "'reset' says that events may be missing, so search again. With Last-Event-ID, on any replica, nothing "
                + "is missed unless a 'reset' says so. A client that reads too slowly is disconnected.")
            .DisableRequestTimeout()
            .RequireRateLimiting(StreamsOfIdentity)
            .AllowRoles(Roles.Customer, Roles.Support);
}
