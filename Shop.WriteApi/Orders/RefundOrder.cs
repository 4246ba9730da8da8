using System.ComponentModel.DataAnnotations;
using Shop.Contracts;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class RefundOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<RefundOrderRequest> command, OrderCommands orders, CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.ChangeAsync(
            id,
            command,
            (order, now) => order.Refund(request.Amount?.ToMoney(), request.Reason.NullIfBlank(), now),
            cancellationToken);
    }
}

internal sealed record RefundOrderRequest : IOptionalBody
{
    /// <summary>Without it, all that is left is given back.</summary>
    public RefundAmountRequest? Amount { get; init; }

    [OptionalText(Limits.Reason)]
    public string? Reason { get; init; }
}

internal sealed record RefundAmountRequest
{
    [Required, Range(1, Limits.Amount)]
    public long? Amount { get; init; }

    [Required, CurrencyCode]
    public string? Currency { get; init; }

    public Money ToMoney() => new(Amount!.Value, Currency!);
}
