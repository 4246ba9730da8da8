using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Orders.Storing;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Orders;

/// <summary>
/// How every command on an order runs: once for its idempotency key, on the version that If-Match names, and once more
/// where another command was faster.
/// </summary>
internal sealed class OrderCommands(OrderStore orders, IdempotencyKeys keys, TimeProvider clock)
{
    private const int Attempts = 2;

    /// <param name="place">
    /// Makes the order anew for each attempt: the first time from what is remembered of customers and catalogue, then,
    /// as every other command, at most twice from what the database says.
    /// </param>
    public Task<Answer> PlaceAsync<TBody>(
        Command<TBody> command, Func<DateTimeOffset, bool, Task<Order>> place, CancellationToken cancellationToken)
        where TBody : class, new() =>
        RunAsync(
            command,
            attempt => place(clock.GetNow(), attempt == 1),
            OrderReceipt.Created,
            1 + Attempts,
            cancellationToken);

    /// <param name="change">One transition of the order.</param>
    public Task<Answer> ChangeAsync<TBody>(
        Guid id, Command<TBody> command, Action<Order, DateTimeOffset> change, CancellationToken cancellationToken)
        where TBody : class, new() =>
        ChangeAsync(
            id,
            command,
            (order, now) =>
            {
                change(order, now);
                return Task.CompletedTask;
            },
            cancellationToken);

    public Task<Answer> ChangeAsync<TBody>(
        Guid id, Command<TBody> command, Func<Order, DateTimeOffset, Task> change, CancellationToken cancellationToken)
        where TBody : class, new() =>
        RunAsync(
            command,
            async _ =>
            {
                var order = await orders.FindAsync(id, cancellationToken)
                    ?? throw RefusedException.NotFound(Codes.OrderNotFound, $"There is no order {id}.");
                command.IfMatch.Check(order.State.Version);
                await change(order, clock.GetNow());
                return order;
            },
            OrderReceipt.Ok,
            Attempts,
            cancellationToken);

    private Task<Answer> RunAsync<TBody>(
        Command<TBody> command,
        Func<int, Task<Order>> decide,
        Func<Order, Answer> answer,
        int attempts,
        CancellationToken cancellationToken)
        where TBody : class, new() =>
        keys.RunOnceAsync(
            command.Key,
            async keep =>
            {
                for (var attempt = 1; attempt <= attempts; attempt++)
                {
                    var order = await decide(attempt);
                    var reply = answer(order);
                    if (await orders.TrySaveAsync(order, keep(reply), cancellationToken))
                        return reply;
                }

                throw new OrderRuleException(
                    OrderRules.Busy, "Others changed the order at the same moment; the request may be repeated.");
            },
            cancellationToken);
}
