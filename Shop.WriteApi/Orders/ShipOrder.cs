using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class ShipOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<ShipOrderRequest> command, OrderCommands orders, CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.ChangeAsync(
            id, command, (order, now) => order.Ship(request.Carrier!, request.TrackingNumber!, now), cancellationToken);
    }
}

internal sealed record ShipOrderRequest
{
    [Required, Text(Limits.Carrier)]
    public string? Carrier { get; init; }

    [Required, Text(Limits.TrackingNumber)]
    public string? TrackingNumber { get; init; }
}
