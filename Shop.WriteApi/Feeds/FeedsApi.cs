using Npgsql;
using Shop.Contracts;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Feeds;

/// <summary>What the projector reconciles with and rebuilds from.</summary>
/// <remarks>
/// A stream is not one snapshot: an order may be newer than its neighbours, and one that is inserted behind the
/// position of the stream is missing from it. Readers compare versions, and ask for a missing order by its id.
/// </remarks>
internal static class FeedsApi
{
    private static readonly OrderFeed<OrderVersion> Versions = new(
        "select o.id, o.version from orders o", pageSize: 5_000,
        row => new(row.GetGuid(0), row.GetInt64(1)), WireJson.Contracts.OrderVersion);

    private static readonly OrderFeed<OrderDocument> States = new(
        OrderReading.Select, pageSize: 500, OrderReading.ReadState, WireJson.Contracts.OrderDocument);

    public static IEndpointRouteBuilder MapFeeds(this IEndpointRouteBuilder app)
    {
        var orders = app.MapGroup("/internal/orders").WithTags("Internal");
        orders.DisableRequestTimeout().AllowRoles(Roles.Service).ExcludeFromDescription();
        orders.MapGet("/versions", Versions.SendAllAsync).DescribeQuery<OrderVersion>(
            "Every order's id and version, in id order", Ndjson.ContentType);
        orders.MapGet("/states", StreamStatesAsync).DescribeQuery<OrderDocument>(
            "Every order's document, or those of some ids, in id order", Ndjson.ContentType);
        return app;
    }

    private static Task StreamStatesAsync(
        HttpContext http, NpgsqlDataSource database, string[]? ids, CancellationToken cancellationToken) =>
        ids is { Length: > 0 }
            ? States.SendAsync(http, database, ParseIds(ids), cancellationToken)
            : States.SendAllAsync(http, database, cancellationToken);

    private static Guid[] ParseIds(string[] given)
    {
        var texts = given.SelectMany(list => list.Split(',')).ToArray();
        if (texts.Length > RequestLimits.Ids)
            throw RefusedException.Invalid("ids", $"Must be at most {RequestLimits.Ids}.");
        return [.. texts.Select(text => Guid.TryParse(text, out var id)
            ? id
            : throw RefusedException.Invalid("ids", "Must be order ids, separated by commas or repeated."))];
    }
}
