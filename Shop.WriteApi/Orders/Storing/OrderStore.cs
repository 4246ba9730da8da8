using Npgsql;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;
using Shop.WriteApi.Idempotency;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>Reads and writes single orders, each in one round trip.</summary>
internal sealed class OrderStore(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>How often a command looks up, decides and saves before it answers that the order is busy.</summary>
    public const int Attempts = 2;

    /// <summary>
    /// Looks up an order and, in the same round trip, the response that is stored under the key. To a customer, the orders
    /// of others do not exist.
    /// </summary>
    /// <param name="caller">Who looks, and causes the events that follow.</param>
    /// <exception cref="RefusedException">422: the key was used for another request.</exception>
    public async Task<FoundOrder> FindAsync(
        Guid id, Caller caller, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.AddLookup(key, clock.GetNow());
        OrderReading.AddSelect(batch, id, caller.OnlyCustomer);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var stored = await IdempotencyKeys.ReadAsync(key, row, cancellationToken);
        var order = stored is null && await row.ReadAsync(cancellationToken) ? OrderReading.ReadOrder(row) : null;
        order?.ChangesAreBy(caller.ToActor());
        return new FoundOrder(order, stored);
    }

    /// <summary>Writes the order's events and, if there is a key, the response, in one statement.</summary>
    /// <returns>False if another transaction was faster. Nothing is written, and the command looks again.</returns>
    public async Task<bool> TrySaveAsync(
        Order order, IdempotencyKey? key, JsonResponse response, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        var stored = key is null ? null : new StoredResponse(key, response);
        batch.AddOrder(order, OrderTrace.OfRequest, stored, clock.GetNow());
        try
        {
            return await batch.ExecuteNonQueryAsync(cancellationToken) > 0;
        }
        catch (PostgresException exception) when (
            DatabaseErrors.IsRace(exception) || IdempotencyKeys.IsTaken(exception))
        {
            return false;
        }
    }
}

/// <param name="Order">Null if there is no such order, or a stored response.</param>
/// <param name="StoredResponse">The response to an earlier request with the same key.</param>
internal readonly record struct FoundOrder(Order? Order, JsonResponse? StoredResponse);
