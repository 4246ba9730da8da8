using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class PlaceOrder
{
    public static async Task<IResult> HandleAsync(
        Command<PlaceOrderRequest> command,
        CatalogueLookup catalogue,
        OrderStore orders,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var request = command.Body;
        if (command.Caller.OnlyCustomer is { } own && own != request.CustomerId)
            throw CustomerCodes.IsNotFound(request.CustomerId!.Value);

        for (var attempt = 1; attempt <= OrderStore.Attempts; attempt++)
        {
            var found = await catalogue.FindAsync(
                request.CustomerId!.Value, request.Lines!, command.Key, cancellationToken);
            if (found.StoredResponse is { } stored)
                return stored;

            var now = clock.GetNow();
            var details = new OrderDetails(
                found.Lines, request.ShippingAddress!.ToAddress(), request.Note.NullIfBlank(),
                command.Caller.ToActor());
            var order = Order.Place(Guid.CreateVersion7(now), found.Customer, found.CustomerVersion, details, now);

            var response = OrderReceipt.Created(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}

internal sealed record PlaceOrderRequest
{
    public const string Example = $$"""
        {
          "customerId": "0198c1c2-7a5e-7c3d-9d4b-2f6a1b3c4d5e", "lines": {{OrderLineRequest.Example}},
          "shippingAddress": {{AddressRequest.Example}}, "note": "Please ring twice."
        }
        """;

    [Required]
    public Guid? CustomerId { get; init; }

    [Required, Length(1, Limits.Lines)]
    public IReadOnlyList<OrderLineRequest>? Lines { get; init; }

    [Required]
    public AddressRequest? ShippingAddress { get; init; }

    [OptionalText(Limits.Note)]
    public string? Note { get; init; }
}
