using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class DeliverOrder
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<ReasonRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.Deliver(clock.GetNow()),
            cancellationToken);
}
