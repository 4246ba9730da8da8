using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders;

/// <summary>The steps of every command that changes an order: look up, check, change, save, respond.</summary>
internal static class OrderChange
{
    public static Task<IResult> ChangeAsync<TBody>(
        this OrderStore orders, Guid id, Command<TBody> command, Action<Order> change,
        CancellationToken cancellationToken)
        where TBody : class, new() =>
        orders.ChangeAsync(
            id, command,
            order =>
            {
                change(order);
                return Task.CompletedTask;
            },
            cancellationToken);

    /// <param name="change">Applies the command. It is called again if another command changed the order first.</param>
    public static async Task<IResult> ChangeAsync<TBody>(
        this OrderStore orders, Guid id, Command<TBody> command, Func<Order, Task> change,
        CancellationToken cancellationToken)
        where TBody : class, new()
    {
        for (var attempt = 1; attempt <= OrderStore.Attempts; attempt++)
        {
            var (order, stored) = await orders.FindAsync(id, command.Caller, command.Key, cancellationToken);
            if (stored is not null)
                return stored;
            if (order is null)
                throw OrderCodes.IsNotFound(id);
            command.IfMatch.Check(order.Document.Version);

            await change(order);

            var response = OrderReceipt.Ok(order);
            if (await orders.TrySaveAsync(order, command.Key, response, cancellationToken))
                return response;
        }

        throw OrderRules.IsBusy();
    }
}
