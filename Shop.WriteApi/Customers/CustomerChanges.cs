using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Orders;
using Shop.WriteApi.Orders.Storing;
using Shop.WriteApi.Database;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Customers;

/// <summary>
/// Takes customers' changes to their orders, a bounded batch and one transaction at a time. What is left to do is in
/// the database, so that a restart goes on where it was and replicas share the work.
/// </summary>
internal sealed class CustomerChanges(NpgsqlDataSource database, TimeProvider clock) : IDisposable
{
    private const int BatchSize = 100;

    private const string SelectChange = """
        select c.id, c.name, c.email, c.country, c.version
        from customer_changes change join customers c on c.id = change.customer_id
        order by change.next_attempt_at limit 1 for update of change skip locked
        """;

    private const string WhichOrders = "where o.customer_id = $1 and o.customer_version < $2 order by o.id limit $3";
    private const string LockOrders = $"select o.id from orders o {WhichOrders} for update";
    private const string SelectOrders = OrderReading.Select + WhichOrders;
    private const string DeleteChange = "delete from customer_changes where customer_id = $1 and customer_version = $2";

    private readonly SemaphoreSlim _wake = new(0);

    /// <summary>Tells this process's worker that there is work.</summary>
    public void Wake() => _wake.Release();

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) =>
        await _wake.WaitAsync(atMost, cancellationToken);

    public void Dispose() => _wake.Dispose();

    /// <returns>Whether there was something to do.</returns>
    public async Task<bool> ApplyNextBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindChangeAsync(connection, cancellationToken) is not var (customer, version))
            return false;

        var orders = await LockOrdersAsync(connection, customer.Id, version, cancellationToken);
        await using var batch = connection.CreateBatch();
        foreach (var order in orders)
        {
            order.ChangeCustomer(customer, version, clock.GetNow());
            batch.Add(order);
        }

        if (orders.Count < BatchSize)
            batch.Add(DeleteChange).With(customer.Id).With(version);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<(OrderCustomer Customer, long Version)?> FindChangeAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SelectChange, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        return (
            new OrderCustomer(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            row.GetInt64(4));
    }

    // Locked first and read in a second statement: its snapshot sees what the lock waited for.
    private static async Task<List<Order>> LockOrdersAsync(
        NpgsqlConnection connection, Guid customerId, long version, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add(LockOrders).With(customerId).With(version).With(BatchSize);
        batch.Add(SelectOrders).With(customerId).With(version).With(BatchSize);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var orders = new List<Order>();
        while (await row.ReadAsync(cancellationToken))
            orders.Add(OrderReading.ReadOrder(row));
        return orders;
    }
}
