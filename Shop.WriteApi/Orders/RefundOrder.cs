using System.ComponentModel.DataAnnotations;
using Shop.Contracts;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class RefundOrder
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<RefundOrderRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.Refund(command.Body.Amount?.ToMoney(), command.Body.Reason.NullIfBlank(), clock.GetNow()),
            cancellationToken);
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
