using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class PayOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<PayOrderRequest> command, OrderCommands orders, CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.ChangeAsync(
            id, command, (order, now) => order.Pay(request.Method!, request.Reference!, now), cancellationToken);
    }
}

internal sealed record PayOrderRequest
{
    [Required, Text(Limits.Method)]
    public string? Method { get; init; }

    [Required, Text(Limits.Reference)]
    public string? Reference { get; init; }
}
