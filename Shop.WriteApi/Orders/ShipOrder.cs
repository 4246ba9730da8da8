using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ShipOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<ShipOrderRequest> command,
        OrderStore orders,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = command.Body;
        for (var attempt = 1; attempt <= OrderStore.Attempts; attempt++)
        {
            var (order, stored) = await orders.FindAsync(id, command.Caller, command.Key, cancellationToken);
            if (stored is not null)
                return stored;
            if (order is null)
                throw OrderCodes.IsNotFound(id);
            command.IfMatch.Check(order.Document.Version);

            order.Ship(request.Carrier!, request.TrackingNumber!, clock.GetNow());

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}

internal sealed record ShipOrderRequest
{
    public const string Example = """{ "carrier": "Parcel Post", "trackingNumber": "PP123456789" }""";

    [Required, Identifier(Limits.Carrier)]
    public string? Carrier { get; init; }

    [Required, Identifier(Limits.TrackingNumber)]
    public string? TrackingNumber { get; init; }
}
