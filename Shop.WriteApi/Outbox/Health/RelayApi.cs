using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Security;
using Shop.ServiceDefaults.Telemetry;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Outbox.Health;

/// <summary>What this replica's relay does now.</summary>
/// <param name="IsActive">Whether this replica has the replication slot.</param>
/// <param name="LagSeconds">The time since every commit was known to be published.</param>
/// <param name="LagBytes">Log between the slot's confirmed position and the end.</param>
/// <param name="Published">The events that the broker has acknowledged.</param>
internal sealed record RelayStatus(
    bool IsActive, double LagSeconds, long LagBytes, RecentEventsReport Published);

internal static class RelayApi
{
    /// <summary>Maps <c>GET /relay</c>, if this replica may relay.</summary>
    public static void MapRelay(this IEndpointRouteBuilder app)
    {
        if (app.ServiceProvider.GetService<OutboxRelay>() is null)
            return;

        app.MapGet("/relay", Get).WithTags("Operation").WithName("GetRelay").DescribeQuery<RelayStatus>(
            "How far the relay is, and how long recent events took until they were published", "application/json")
            .AllowRoles(Roles.Operator);
    }

    /// <param name="order">The id of an order whose recent events are listed.</param>
    private static Ok<RelayStatus> Get(
        OutboxRelay relay, RelayLag lag, RelayMetrics metrics, Guid? order, HttpRequest request)
    {
        if (order is not null && !IdText.TryParse(request.Query["order"].ToString(), out _))
            throw RefusedException.Invalid("order", "Must be an id of 8-4-4-4-12 hexadecimal digits.");
        return TypedResults.Ok(new RelayStatus(
            relay.IsActive, lag.Current.TotalSeconds, lag.Bytes, metrics.Recent.Report(order)));
    }
}

[JsonSerializable(typeof(RelayStatus))]
internal sealed partial class RelayJson : JsonSerializerContext
{
    public static RelayJson Wire { get; } = new(HttpJson.CreateOptions());
}
