using Npgsql;
using Shop.Contracts;
using Shop.ServiceDefaults.Http;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Database;
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
        var customers = app.MapGroup("/internal/customers").WithTags("Internal");
        customers.AllowRoles(Roles.Service).ExcludeFromDescription();
        customers.MapGet("/{id:guid}/erased-orders", SendErasedAsync).DescribeQuery<OrderVersion>(
            "An erased customer's orders, each with the version that has no personal data", Ndjson.ContentType, 404);
        return app;
    }

    // An order that is still to be erased has no such version yet: only the next one can be it.
    private static async Task SendErasedAsync(
        Guid id, HttpContext http, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await CustomerErasure.FindAsync(database, id, cancellationToken);
        await using var batch = database.CreateBatch();
        batch.Add($"""
            select o.id, coalesce(
                (select max(e.version) from order_events e where e.order_id = o.id and e.type = 'customer-erased'),
                o.version + 1)
            from orders o where o.customer_id = {id} order by o.id
            """);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        http.Response.ContentType = Ndjson.ContentType;
        while (await row.ReadAsync(cancellationToken))
        {
            var order = new OrderVersion(row.GetGuid(0), row.GetInt64(1));
            Ndjson.Write(http.Response.BodyWriter, order, WireJson.Contracts.OrderVersion);
        }
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
        return [.. texts.Select(text => IdText.TryParse(text, out var id)
            ? id
            : throw RefusedException.Invalid("ids", "Must be order ids, separated by commas or repeated."))];
    }
}
