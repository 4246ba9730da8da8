using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class PayOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<PayOrderRequest> command,
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

            order.Pay(request.Method!, request.Reference!, clock.GetNow());

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}

internal sealed record PayOrderRequest
{
    public const string Example = """{ "method": "card", "reference": "pay-4711" }""";

    [Required, Identifier(Limits.Method)]
    public string? Method { get; init; }

    [Required, Identifier(Limits.Reference)]
    public string? Reference { get; init; }
}
