using System.ComponentModel.DataAnnotations;
using Shop.Contracts;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class RefundOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<RefundOrderRequest> command,
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

            order.Refund(request.Amount?.ToMoney(), request.Reason.NullIfBlank(), clock.GetNow());

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}

internal sealed record RefundOrderRequest : IOptionalBody
{
    public const string Example = """{ "amount": { "amount": 500, "currency": "EUR" }, "reason": "A scratch." }""";

    /// <summary>Without an amount, the whole remaining amount is refunded.</summary>
    public RefundAmountRequest? Amount { get; init; }

    [OptionalText(Limits.Reason)]
    public string? Reason { get; init; }
}

internal sealed record RefundAmountRequest
{
    [Required, Range(1, Limits.Amount)]
    public long? Amount { get; init; }

    [Required, CurrencyCode(AllowWithdrawn = true)]
    public string? Currency { get; init; }

    public Money ToMoney() => new(Amount!.Value, Currency!);
}
