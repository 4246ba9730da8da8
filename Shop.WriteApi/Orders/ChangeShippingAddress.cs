using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ChangeShippingAddress
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<AddressRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.ChangeShippingAddress(command.Body.ToAddress(), clock.GetNow()),
            cancellationToken);
}
