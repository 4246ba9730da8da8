using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class ChangeShippingAddress
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<AddressRequest> command, OrderCommands orders, CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.ChangeAsync(
            id, command, (order, now) => order.ChangeShippingAddress(request.ToState(), now), cancellationToken);
    }
}

