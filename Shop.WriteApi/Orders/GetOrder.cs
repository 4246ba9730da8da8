using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class GetOrder
{
    public static async Task<IResult> HandleAsync(Guid id, OrderStore orders, CancellationToken cancellationToken)
    {
        var (order, _) = await orders.FindAsync(id, key: null, cancellationToken);
        if (order is null)
            throw OrderCodes.IsNotFound(id);
        var document = order.Document;
        return JsonResponse.Of(
            StatusCodes.Status200OK, document, OrdersJson.Wire.OrderDocument, document.Version);
    }
}
