using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class PlaceOrder
{
    public static async Task<IResult> HandleAsync(
        Command<PlaceOrderRequest> command,
        OrderCommands orders,
        OrderLookup lookup,
        CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.PlaceAsync(
            command,
            async (now, mayRecall) =>
            {
                var (customer, customerVersion, lines) = await lookup.FindAsync(
                    request.CustomerId!.Value, request.Lines!, mayRecall, cancellationToken);
                var details = new OrderDetails(lines, request.ShippingAddress!.ToState(), request.Note.NullIfBlank());
                return Order.Place(Guid.CreateVersion7(now), customer, customerVersion, details, now);
            },
            cancellationToken);
    }
}

internal sealed record PlaceOrderRequest
{
    [Required]
    public Guid? CustomerId { get; init; }

    [Required, Length(1, Limits.Lines)]
    public IReadOnlyList<OrderLineRequest>? Lines { get; init; }

    [Required]
    public AddressRequest? ShippingAddress { get; init; }

    [OptionalText(Limits.Note)]
    public string? Note { get; init; }
}

internal sealed record OrderLineRequest
{
    [Required, Sku]
    public string? Sku { get; init; }

    [Required, Range(1, Limits.Quantity)]
    public int? Quantity { get; init; }
}
