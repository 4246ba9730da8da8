using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ChangeShippingAddress
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<AddressRequest> command,
        OrderStore orders,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= OrderStore.Attempts; attempt++)
        {
            var (order, stored) = await orders.FindAsync(id, command.Caller, command.Key, cancellationToken);
            if (stored is not null)
                return stored;
            if (order is null)
                throw OrderCodes.IsNotFound(id);
            command.IfMatch.Check(order.Document.Version);

            order.ChangeShippingAddress(command.Body.ToAddress(), clock.GetNow());

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}
