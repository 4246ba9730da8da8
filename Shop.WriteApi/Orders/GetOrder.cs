using System.Security.Claims;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class GetOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id, ClaimsPrincipal user, OrderStore orders, CancellationToken cancellationToken)
    {
        var caller = Caller.Of(user);
        var (order, _) = await orders.FindAsync(id, caller, key: null, cancellationToken);
        if (order is null)
            throw OrderCodes.IsNotFound(id);
        var document = caller.OnlyCustomer is null ? order.Document : order.Document.WithoutActors();
        return JsonResponse.Of(
            StatusCodes.Status200OK, document, OrdersJson.Wire.OrderDocument, document.Version);
    }
}
