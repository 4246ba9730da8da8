using Npgsql;
using Shop.WriteApi.Database;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

/// <summary>Where the write database still has personal data of a customer who is to be erased.</summary>
/// <param name="RequestedAt">When the customer was erased. The orders follow.</param>
/// <param name="Orders">The customer's orders.</param>
/// <param name="PendingOrders">Orders that still have personal data.</param>
/// <param name="OutboxEvents">Rows of the outbox that still have personal data.</param>
/// <param name="StoredResponses">Stored responses of idempotency keys that have personal data.</param>
/// <param name="IsErased">Whether none of these is left. The projector shows the same of the read side.</param>
internal sealed record CustomerErasure(
    Guid CustomerId, DateTimeOffset RequestedAt, long Orders, long PendingOrders, long OutboxEvents,
    long StoredResponses, bool IsErased)
{
    public static async Task<IResult> HandleAsync(
        Guid id, NpgsqlDataSource database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await FindAsync(database, id, cancellationToken));

    /// <exception cref="RefusedException">404: no such customer, or not erased.</exception>
    public static async Task<CustomerErasure> FindAsync(
        NpgsqlDataSource database, Guid id, CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add($"""
            with all_orders as (
                select o.id, o.customer_version < c.version as is_pending,
                    (select max(e.version) from order_events e where e.order_id = o.id and e.type = 'customer-erased')
                        as erased
                from orders o join customers c on c.id = o.customer_id where o.customer_id = {id})
            select c.erased_at, (select count(*) from all_orders), (select count(*) from all_orders where is_pending),
                (select count(*) from all_orders a join outbox b on b.order_id = a.id
                    where a.erased is null or b.version < a.erased),
                (select count(*) from idempotency_keys where location = {$"/customers/{id}"})
            from customers c where c.id = {id}
            """);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
            throw CustomerCodes.IsNotFound(id);
        if (row.IsDBNull(0))
            throw CustomerCodes.IsNotErased(id);
        var (pending, events, responses) = (row.GetInt64(2), row.GetInt64(3), row.GetInt64(4));
        return new CustomerErasure(
            id, row.GetFieldValue<DateTimeOffset>(0), row.GetInt64(1), pending, events, responses,
            IsErased: pending + events + responses == 0);
    }
}
