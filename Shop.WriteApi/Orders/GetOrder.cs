using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class GetOrder
{
    public static async Task<IResult> HandleAsync(Guid id, OrderStore orders, CancellationToken cancellationToken)
    {
        var order = await orders.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound(Codes.OrderNotFound, $"There is no order {id}.");
        return Answer.Of(StatusCodes.Status200OK, order.State, WireJson.Contracts.OrderDocument, order.State.Version);
    }
}
