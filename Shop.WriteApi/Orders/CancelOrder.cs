using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class CancelOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, Command<ReasonRequest> command, OrderCommands orders, CancellationToken cancellationToken)
    {
        var request = command.Body;
        return await orders.ChangeAsync(
            id, command, (order, now) => order.Cancel(request.Reason.NullIfBlank(), now), cancellationToken);
    }
}

