using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ShipOrder
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<ShipOrderRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.Ship(command.Body.Carrier!, command.Body.TrackingNumber!, clock.GetNow()),
            cancellationToken);
}

internal sealed record ShipOrderRequest
{
    public const string Example = """{ "carrier": "Parcel Post", "trackingNumber": "PP123456789" }""";

    [Required, Identifier(Limits.Carrier)]
    public string? Carrier { get; init; }

    [Required, Identifier(Limits.TrackingNumber)]
    public string? TrackingNumber { get; init; }
}
