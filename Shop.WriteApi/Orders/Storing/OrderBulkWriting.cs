using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// Writes many new orders and their customers, with one statement a table. An order gets the same rows as from
/// <see cref="OrderWriting"/>.
/// </summary>
internal static class OrderBulkWriting
{
    /// <summary>Inserts orders in the connection's transaction.</summary>
    /// <param name="orders">New orders with distinct ids. A customer that exists is not changed.</param>
    /// <param name="startTrace">Starts the trace of one order.</param>
    /// <returns>False if one of the orders exists by now. The transaction must not be committed then.</returns>
    public static async Task<bool> TryInsertAsync(
        this NpgsqlConnection connection, IReadOnlyList<Order> orders, Func<OrderTrace> startTrace,
        CancellationToken cancellationToken)
    {
        await using var batch = connection.CreateBatch();
        OrderDocument[] documents = [.. orders.Select(order => order.Document)];
        AddCustomers(batch, documents);
        AddOrders(batch, documents);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[^1].RecordsAffected != orders.Count)
            return false;
        await new OrderBulkCopy(connection, orders, cancellationToken).CopyAsync(startTrace);
        return true;
    }

    // Inserts and locks in the order of the ids, so that imports of the same customers and orders do not deadlock.
    private static void AddCustomers(NpgsqlBatch batch, IReadOnlyList<OrderDocument> orders)
    {
        OrderCustomer[] customers =
            [.. orders.Select(order => order.Customer).DistinctBy(customer => customer.Id)];
        var ids = Array.ConvertAll(customers, customer => customer.Id);
        var names = Array.ConvertAll(customers, customer => customer.Name);
        var emails = Array.ConvertAll(customers, customer => customer.Email);
        var countries = Array.ConvertAll(customers, customer => customer.Country);
        batch.Add($"""
            insert into customers (id, version, name, email, country)
            select id, 1, name, email, country
            from unnest({ids}, {names}, {emails}, {countries}) as given (id, name, email, country)
            order by id on conflict (id) do nothing
            """);
    }

    // The share lock makes a change of a customer wait, which then finds these orders.
    private static void AddOrders(NpgsqlBatch batch, OrderDocument[] orders) => batch.Add($"""
        insert into orders (id, number, version, status, currency, total, paid, refunded, recipient, street,
            postal_code, city, country, note, placed_at, updated_at, customer_id, customer_version, customer_name,
            customer_email, customer_country)
        select o.id, o.number, o.version, o.status, o.currency, o.total, o.paid, o.refunded, o.recipient, o.street,
            o.postal_code, o.city, o.country, o.note, o.placed_at, o.updated_at, c.id, c.version, o.customer_name,
            o.customer_email, o.customer_country
        from unnest({Of(orders, order => order.Id)}, {Of(orders, order => order.Number)},
            {Of(orders, order => order.Version)}, {Of(orders, order => order.Status)},
            {Of(orders, order => order.Total.Currency)}, {Of(orders, order => order.Total.Amount)},
            {Of(orders, order => order.Paid?.Amount)}, {Of(orders, order => order.Refunded?.Amount)},
            {Of(orders, order => order.ShippingAddress.Recipient)}, {Of(orders, order => order.ShippingAddress.Street)},
            {Of(orders, order => order.ShippingAddress.PostalCode)}, {Of(orders, order => order.ShippingAddress.City)},
            {Of(orders, order => order.ShippingAddress.Country)}, {Of(orders, order => order.Note)},
            {Of(orders, order => order.PlacedAt)}, {Of(orders, order => order.UpdatedAt)},
            {Of(orders, order => order.Customer.Id)}, {Of(orders, order => order.Customer.Name)},
            {Of(orders, order => order.Customer.Email)}, {Of(orders, order => order.Customer.Country)})
            as o (id, number, version, status, currency, total, paid, refunded, recipient, street, postal_code, city,
                country, note, placed_at, updated_at, customer_id, customer_name, customer_email, customer_country)
        join customers c on c.id = o.customer_id and c.erased_at is null
        order by o.id for share of c
        on conflict do nothing
        """);

    private static T[] Of<T>(OrderDocument[] orders, Converter<OrderDocument, T> column) =>
        Array.ConvertAll(orders, column);
}
