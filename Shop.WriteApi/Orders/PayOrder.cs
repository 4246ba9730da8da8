using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class PayOrder
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<PayOrderRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.Pay(command.Body.Method!, command.Body.Reference!, clock.GetNow()),
            cancellationToken);
}

internal sealed record PayOrderRequest
{
    public const string Example = """{ "method": "card", "reference": "pay-4711" }""";

    [Required, Identifier(Limits.Method)]
    public string? Method { get; init; }

    [Required, Identifier(Limits.Reference)]
    public string? Reference { get; init; }
}
