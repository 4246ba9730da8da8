using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders;

internal static class ChangeLines
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        Command<List<OrderLineRequest>> command,
        OrderCommands orders,
        OrderLookup lookup,
        CancellationToken cancellationToken)
    {
        if (command.Body.Count is 0 or > Limits.Lines)
            throw RefusedException.Invalid("$", $"An order has 1 to {Limits.Lines} lines.");
        return await orders.ChangeAsync(
            id,
            command,
            async (order, now) => order.ChangeLines(await lookup.FindLinesAsync(command.Body, cancellationToken), now),
            cancellationToken);
    }
}
