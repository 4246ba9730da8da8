using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class CancelOrder
{
    public static Task<IResult> HandleAsync(
        Guid id, Command<ReasonRequest> command, OrderStore orders, TimeProvider clock,
        CancellationToken cancellationToken) =>
        orders.ChangeAsync(
            id, command,
            order => order.Cancel(command.Body.Reason.NullIfBlank(), clock.GetNow()),
            cancellationToken);
}
