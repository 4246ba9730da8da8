using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

internal static class ChangeLines
{
    public static Task<IResult> HandleAsync(
        Guid id,
        Command<List<OrderLineRequest>> command,
        CatalogueLookup catalogue,
        OrderStore orders,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        if (command.Body.Count is 0 or > Limits.Lines)
            throw RefusedException.Invalid("$", $"An order must have 1 to {Limits.Lines} lines.");

        return orders.ChangeAsync(
            id, command,
            async order =>
                order.ChangeLines(await catalogue.FindLinesAsync(command.Body, cancellationToken), clock.GetNow()),
            cancellationToken);
    }
}
