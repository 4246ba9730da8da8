using System.Diagnostics;
using Npgsql;
using Shop.Contracts;
using Shop.ServiceDefaults.Background;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Orders.Storing;

namespace Shop.WriteApi.Orders.CustomerChanges;

/// <summary>
/// Applies changes of customers to their orders, in batches of one transaction each. The pending changes are in the
/// database, so that a restarted service continues and replicas share the work. A change that fails is tried again
/// later, and the others go on.
/// </summary>
internal sealed partial class CustomerChangesWorker(
    NpgsqlDataSource database,
    DatabaseMigration migration,
    CustomerChangeSignal signal,
    TimeProvider clock,
    ILogger<CustomerChangesWorker> logger,
    LoopServices services) : SupervisedLoop("Customer changes", services)
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    protected override TimeSpan Interval => TimeSpan.Zero;

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await migration.Done.WaitAsync(cancellationToken);
        while (await ApplyNextBatchAsync(cancellationToken))
        {
        }

        await signal.WaitAsync(Poll, cancellationToken);
    }

    /// <returns>Whether a change was due.</returns>
    private async Task<bool> ApplyNextBatchAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await FindDueAsync(connection, cancellationToken) is not { } change)
            return false;

        await transaction.SaveAsync("found", cancellationToken);
        try
        {
            await ApplyAsync(connection, change, cancellationToken);
        }
#pragma warning disable CA1031 // Whatever the reason, a failing change must not stop the others.
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            await transaction.RollbackAsync("found", cancellationToken);
            await PostponeAsync(connection, change, exception.Message, cancellationToken);
            Log.Failed(logger, change.Customer.Id, change.Attempts + 1, exception);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static async Task<CustomerChange?> FindDueAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add($"""
            select c.id, c.name, c.email, c.country, c.version, change.attempts, change.traceparent, c.erased_at,
                   change.actor_subject, change.actor_role
            from customer_changes change join customers c on c.id = change.customer_id
            where change.next_attempt_at <= now()
            order by change.next_attempt_at limit 1 for update of change skip locked
            """);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            return null;
        var customer = new OrderCustomer(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3));
        _ = ActivityContext.TryParse(row.IsDBNull(6) ? null : row.GetString(6), null, isRemote: true, out var request);
        var actor = row.IsDBNull(8) ? null : new Actor(row.GetString(8), row.GetString(9));
        return new CustomerChange(customer, row.GetInt64(4), row.GetInt32(5), !row.IsDBNull(7), actor, request);
    }

    private async Task ApplyAsync(
        NpgsqlConnection connection, CustomerChange change, CancellationToken cancellationToken)
    {
        var orders = await LockOrdersAsync(connection, change, cancellationToken);
        await using var batch = connection.CreateBatch();
        foreach (var order in orders)
        {
            order.ChangesAreBy(change.Actor);
            if (change.IsErasure)
                order.EraseCustomer(change.Version, clock.GetNow());
            else
                order.ChangeCustomer(change.Customer, change.Version, clock.GetNow());
            var trace = OrderTrace.StartLinked("change customer of order", change.Request);
            batch.AddOrder(order, trace, stored: null, clock.GetNow());
        }

        // A change with more orders goes to the end of the queue.
        if (orders.Count < BatchSize)
            batch.Add($"""
                delete from customer_changes
                where customer_id = {change.Customer.Id} and customer_version = {change.Version}
                """);
        else
            batch.Add($"""
                update customer_changes set attempts = 0, next_attempt_at = clock_timestamp()
                where customer_id = {change.Customer.Id}
                """);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    // The second statement's snapshot contains what the first one's lock waited for.
    private static async Task<List<Order>> LockOrdersAsync(
        NpgsqlConnection connection, CustomerChange change, CancellationToken cancellationToken)
    {
        var (id, version) = (change.Customer.Id, change.Version);
        await using var batch = connection.CreateBatch();
        batch.Add($"""
            select o.id from orders o where o.customer_id = {id} and o.customer_version < {version}
            order by o.id limit {BatchSize} for update
            """);
        Sql.Begin().AppendText(OrderReading.Select)
            .Append($"""
                where o.customer_id = {id} and o.customer_version < {version} order by o.id limit {BatchSize}
                """)
            .AddTo(batch);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.NextResultAsync(cancellationToken);
        var orders = new List<Order>();
        while (await row.ReadAsync(cancellationToken))
            orders.Add(OrderReading.ReadOrder(row));
        return orders;
    }

    private static async Task PostponeAsync(
        NpgsqlConnection connection, CustomerChange change, string error, CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        batch.Add($"""
            update customer_changes
            set attempts = attempts + 1, last_error = {error},
                next_attempt_at = clock_timestamp()
                    + least(interval '1 second' * power(2, least(attempts, 20)), interval '5 minutes')
            where customer_id = {change.Customer.Id}
            """);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <param name="Actor">Who changed the customer; null if that was not recorded yet.</param>
    /// <param name="Request">The trace of the request that changed the customer.</param>
    private sealed record CustomerChange(
        OrderCustomer Customer, long Version, int Attempts, bool IsErasure, Actor? Actor, ActivityContext Request);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The change of customer {CustomerId} could not be applied to all of "
            + "their orders (attempt {Attempt}). It is tried again later")]
        public static partial void Failed(ILogger logger, Guid customerId, int attempt, Exception exception);
    }
}
