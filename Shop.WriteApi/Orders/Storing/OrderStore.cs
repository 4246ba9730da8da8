using Npgsql;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>Reads and writes orders, each in one round trip.</summary>
internal sealed class OrderStore(NpgsqlDataSource database)
{
    // Named by the conventions of the schema: customer or catalogue are not as was believed, or the number is taken.
    private const string LinesOfOrder = "fk_order_lines_orders_order_id";
    private const string EventOfOrder = "pk_order_events";
    private const string NumberOfOrder = "ix_orders_number";

    public async Task<Order?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(OrderReading.SelectOne);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? OrderReading.ReadOrder(row) : null;
    }

    /// <returns>False where another transaction was faster: nothing is written, the command may look again.</returns>
    /// <exception cref="KeyTakenException">The key was used before; nothing is written.</exception>
    public async Task<bool> TrySaveAsync(Order order, KeptAnswer? answer, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add(answer);
        batch.Add(order, isOfCatalogue: true);
        try
        {
            await batch.CommitAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (IsLostRace(exception))
        {
            return false;
        }
    }

    public static bool IsLostRace(PostgresException exception) =>
        DatabaseErrors.IsRace(exception)
        || DatabaseErrors.Violates(exception, EventOfOrder)
        || DatabaseErrors.Violates(exception, LinesOfOrder)
        || DatabaseErrors.Violates(exception, NumberOfOrder);
}
