using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ChangeLines
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<List<OrderLineRequest>> command,
        CatalogueLookup catalogue,
        OrderStore orders,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (command.Body.Count is 0 or > Limits.Lines)
            throw RefusedException.Invalid("$", $"An order must have 1 to {Limits.Lines} lines.");

        for (var attempt = 1; attempt <= OrderStore.Attempts; attempt++)
        {
            var (order, stored) = await orders.FindAsync(id, command.Caller, command.Key, cancellationToken);
            if (stored is not null)
                return stored;
            if (order is null)
                throw OrderCodes.IsNotFound(id);
            command.IfMatch.Check(order.Document.Version);

            order.ChangeLines(await catalogue.FindLinesAsync(command.Body, cancellationToken), clock.GetNow());

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}
