using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class DeliverOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<ReasonRequest> command, OrderCommands orders, CancellationToken cancellationToken) =>
        await orders.ChangeAsync(id, command, (order, now) => order.Deliver(now), cancellationToken);
}
