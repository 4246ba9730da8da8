using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// Turns what happened to an order into the statements of a batch: its row, what hangs on it, its timeline and one
/// outbox row for each event. A batch is one round trip and, without a transaction around it, one transaction.
/// </summary>
internal static class OrderWriting
{
    // The share lock orders this against the customer's own change: either this sees the new version and writes
    // nothing, so that the lines miss their order and the batch fails, or the change waits and then finds this order.
    private const string InsertOrder = """
        insert into orders (id, number, version, status, currency, total, paid, refunded, recipient, street,
            postal_code, city, country, note, placed_at, updated_at, customer_id, customer_version, customer_name,
            customer_email, customer_country)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            id, version, name, email, country
        from customers where id = $17 and version = $18 for share
        """;

    private const string UpdateOrder = """
        update orders
        set version = $3, status = $4, currency = $5, total = $6, paid = $7, refunded = $8, recipient = $9,
            street = $10, postal_code = $11, city = $12, country = $13, updated_at = $14, customer_version = $15,
            customer_name = $16, customer_email = $17, customer_country = $18
        where id = $1 and version = $2
        """;

    private const string DeleteLines = "delete from order_lines where order_id = $1";

    private const string InsertLines = """
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
        select $1, line.position, line.sku, line.name, line.category, line.quantity, line.unit_price
        from unnest($2, $3, $4, $5, $6) with ordinality
            as line (sku, name, category, quantity, unit_price, position)
        """;

    private const string InsertPayment =
        "insert into payments (order_id, amount, currency, method, reference, paid_at) "
        + "values ($1, $2, $3, $4, $5, $6)";

    private const string InsertShipment =
        "insert into shipments (order_id, carrier, tracking_number, shipped_at) values ($1, $2, $3, $4)";

    private const string InsertRefund =
        "insert into refunds (order_id, version, amount, currency, reason, refunded_at) "
        + "values ($1, $2, $3, $4, $5, $6)";

    private const string InsertEvent =
        "insert into order_events (order_id, version, type, occurred_at) values ($1, $2, $3, $4)";

    private const string InsertOutbox = """
        insert into outbox (order_id, version, type, payload, occurred_at, traceparent, tracestate)
        values ($1, $2, $3, $4, $5, $6, $7)
        """;

    public static void Add(this NpgsqlBatch batch, Order order)
    {
        if (order.StoredVersion == 0)
            batch.AddNew(order);
        else
            batch.AddChanged(order);
        foreach (var raised in order.Raised)
            batch.AddEvent(raised);
    }

    private static void AddNew(this NpgsqlBatch batch, Order order)
    {
        var state = order.State;
        batch.Add(InsertOrder)
            .With(state.Id).With(state.Number).With(state.Version).With(state.Status)
            .With(state.Total.Currency).With(state.Total.Amount)
            .With(state.Paid?.Amount).With(state.Refunded?.Amount)
            .With(state.ShippingAddress)
            .With(state.Note).With(state.PlacedAt).With(state.UpdatedAt)
            .With(state.Customer.Id).With(order.CustomerVersion);
        batch.AddLines(state.Id, state.Lines);
    }

    private static void AddChanged(this NpgsqlBatch batch, Order order)
    {
        var state = order.State;
        batch.Add(UpdateOrder)
            .With(state.Id).With(order.StoredVersion).With(state.Version).With(state.Status)
            .With(state.Total.Currency).With(state.Total.Amount)
            .With(state.Paid?.Amount).With(state.Refunded?.Amount)
            .With(state.ShippingAddress)
            .With(state.UpdatedAt)
            .With(order.CustomerVersion)
            .With(state.Customer.Name).With(state.Customer.Email).With(state.Customer.Country);
    }

    private static void AddEvent(this NpgsqlBatch batch, RaisedEvent raised)
    {
        var (id, version, at) = (raised.Order.Id, raised.Order.Version, raised.Order.UpdatedAt);
        batch.Add(InsertEvent).With(id).With(version).With(raised.Order.Timeline[^1].Type).With(at);
        switch (raised.Data)
        {
            case OrderPaid paid:
                batch.Add(InsertPayment).With(id).With(paid.Amount.Amount).With(paid.Amount.Currency)
                    .With(paid.Method).With(paid.Reference).With(at);
                break;
            case OrderShipped shipped:
                batch.Add(InsertShipment).With(id).With(shipped.Carrier).With(shipped.TrackingNumber).With(at);
                break;
            case OrderRefunded refunded:
                batch.Add(InsertRefund).With(id).With(version).With(refunded.Amount.Amount)
                    .With(refunded.Amount.Currency).With(refunded.Reason).With(at);
                break;
            case OrderLinesChanged changed:
                batch.Add(DeleteLines).With(id);
                batch.AddLines(id, changed.Lines);
                break;
        }

        batch.Add(InsertOutbox)
            .With(id).With(version).With(raised.Type).With(raised.Serialize(), NpgsqlDbType.Json).With(at)
            .With(Activity.Current?.Id).With(Activity.Current?.TraceStateString);
    }

    private static void AddLines(this NpgsqlBatch batch, Guid id, IReadOnlyList<OrderLineState> lines) =>
        batch.Add(InsertLines)
            .With(id)
            .With(lines.ToArray(line => line.Sku))
            .With(lines.ToArray(line => line.Name))
            .With(lines.ToArray(line => line.Category))
            .With(lines.ToArray(line => line.Quantity))
            .With(lines.ToArray(line => line.UnitPrice.Amount));

    private static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, AddressState address) => command
        .With(address.Recipient).With(address.Street).With(address.PostalCode).With(address.City).With(address.Country);

    private static TItem[] ToArray<TItem>(this IReadOnlyList<OrderLineState> lines, Func<OrderLineState, TItem> of)
    {
        var items = new TItem[lines.Count];
        for (var i = 0; i < items.Length; i++)
            items[i] = of(lines[i]);
        return items;
    }
}
