using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Idempotency;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// Writes an order and its new events in one statement. Every part selects from the order's own insert or update, so
/// that nothing is written if the order, or the customer of a new order, has changed since the look-up.
/// </summary>
internal static class OrderWriting
{
    /// <summary>Adds the statement. It affects no row if another transaction was faster.</summary>
    public static void AddOrder(
        this NpgsqlBatch batch, Order order, OrderTrace trace, StoredResponse? stored, DateTimeOffset now)
    {
        var sql = Sql.Begin().AppendText("with o as (");
        if (order.StoredVersion == 0)
            sql.AppendNewOrder(order).AppendText("), lines as (").AppendLines(order.Document.Lines);
        else
            sql.AppendChangedOrder(order);
        sql.AppendText(")");
        for (var i = 0; i < order.Raised.Count; i++)
            sql.AppendDetails(order.Raised[i], i);
        if (stored is not null)
            sql.AppendText(", stored as (").AppendInsert(stored, now, source: " from o").AppendText(")");
        sql.AppendEvents(order.Raised, trace).AddTo(batch);
    }

    // The share lock makes a change of the customer wait, which then finds this order.
    private static Sql AppendNewOrder(this Sql sql, Order order)
    {
        var document = order.Document;
        var (customer, address) = (document.Customer, document.ShippingAddress);
        return sql.Append($"""
            insert into orders (id, number, version, status, currency, total, paid, refunded, recipient, street,
                postal_code, city, country, note, placed_at, updated_at, customer_id, customer_version, customer_name,
                customer_email, customer_country)
            select {document.Id}, {document.Number}, {document.Version}, {document.Status}, {document.Total.Currency},
                {document.Total.Amount}, {document.Paid?.Amount}, {document.Refunded?.Amount}, {address.Recipient},
                {address.Street}, {address.PostalCode}, {address.City}, {address.Country}, {document.Note},
                {document.PlacedAt}, {document.UpdatedAt}, c.id, c.version, {customer.Name}, {customer.Email},
                {customer.Country}
            from customers c where c.id = {customer.Id} and c.version = {order.CustomerVersion} for share of c
            on conflict do nothing
            returning id
            """);
    }

    private static Sql AppendChangedOrder(this Sql sql, Order order)
    {
        var document = order.Document;
        var (customer, address) = (document.Customer, document.ShippingAddress);
        return sql.Append($"""
            update orders
            set version = {document.Version}, status = {document.Status}, currency = {document.Total.Currency},
                total = {document.Total.Amount}, paid = {document.Paid?.Amount}, refunded = {document.Refunded?.Amount},
                recipient = {address.Recipient}, street = {address.Street}, postal_code = {address.PostalCode},
                city = {address.City}, country = {address.Country}, note = {document.Note},
                updated_at = {document.UpdatedAt},
                customer_version = {order.CustomerVersion}, customer_name = {customer.Name},
                customer_email = {customer.Email}, customer_country = {customer.Country}
            where id = {document.Id} and version = {order.StoredVersion}
            returning id
            """);
    }

    private static void AppendDetails(this Sql sql, RaisedEvent raised, int index)
    {
        var at = raised.Order.UpdatedAt;
        switch (raised.Data)
        {
            case OrderPaid paid:
                sql.Append($"""
                    , payment as (insert into payments (order_id, amount, currency, method, reference, paid_at)
                    select id, {paid.Amount.Amount}, {paid.Amount.Currency}, {paid.Method}, {paid.Reference}, {at}
                    from o)
                    """);
                break;
            case OrderShipped shipped:
                sql.Append($"""
                    , shipment as (insert into shipments (order_id, carrier, tracking_number, shipped_at)
                    select id, {shipped.Carrier}, {shipped.TrackingNumber}, {at} from o)
                    """);
                break;
            case OrderRefunded refunded:
                sql.AppendText($", refund{index} as (").Append($"""
                    insert into refunds (order_id, version, amount, currency, reason, refunded_at)
                    select id, {raised.Order.Version}, {refunded.Amount.Amount}, {refunded.Amount.Currency},
                        {refunded.Reason}, {at} from o)
                    """);
                break;
            case OrderCustomerErased:
                sql.AppendErasure();
                break;
            case OrderLinesChanged changed:
                sql.AppendText($", lines{index} as (").AppendLines(changed.Lines).Append($"""
                     on conflict (order_id, position) do update set sku = excluded.sku, name = excluded.name,
                        category = excluded.category, quantity = excluded.quantity, unit_price = excluded.unit_price),
                    """).AppendText($" surplus{index} as (").Append($"""
                    delete from order_lines where order_id in (select id from o) and position > {changed.Lines.Count})
                    """);
                break;
        }
    }

    // The outbox rows hold earlier states. They need not be there any more: the relay publishes from the log, and the
    // event of this statement supersedes them.
    private static void AppendErasure(this Sql sql) => sql.Append($"""
        , erased_payment as (
            update payments set reference = {Erased.Text} where order_id in (select id from o)),
        erased_shipment as (
            update shipments set tracking_number = {Erased.Text} where order_id in (select id from o)),
        erased_refunds as (update refunds set reason = null where order_id in (select id from o)),
        erased_events as (delete from outbox where order_id in (select id from o))
        """);

    private static Sql AppendLines(this Sql sql, IReadOnlyList<OrderLine> lines)
    {
        var (skus, names, categories) = (new string[lines.Count], new string[lines.Count], new string[lines.Count]);
        var (quantities, unitPrices) = (new int[lines.Count], new long[lines.Count]);
        for (var i = 0; i < lines.Count; i++)
            (skus[i], names[i], categories[i], quantities[i], (unitPrices[i], _)) = lines[i];
        return sql.Append($"""
            insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
            select o.id, line.position, line.sku, line.name, line.category, line.quantity, line.unit_price
            from o cross join unnest({skus}, {names}, {categories}, {quantities}, {unitPrices})
                with ordinality as line (sku, name, category, quantity, unit_price, position)
            """);
    }

    // One insert for all outbox rows of the order, so that the log has them in the order of their versions.
    private static Sql AppendEvents(this Sql sql, IReadOnlyList<RaisedEvent> events, OrderTrace trace)
    {
        sql.AppendText(", event (version, name, type, payload, at, subject, role) as (values ");
        for (var i = 0; i < events.Count; i++)
        {
            var (order, type, value) = (events[i].Order, events[i].Type, new Json(events[i].Serialize()));
            sql.AppendText(i == 0 ? "" : ", ").Append($"""
                ({order.Version}, {order.Timeline[^1].Type}, {type}, {value}, {order.UpdatedAt},
                    {order.Timeline[^1].By?.Subject}, {order.Timeline[^1].By?.Role})
                """);
        }

        return sql.Append($"""
            ), timeline as (
                insert into order_events (order_id, version, type, occurred_at, actor_subject, actor_role)
                select o.id, event.version, event.name, event.at, event.subject, event.role from o cross join event)
            insert into outbox (order_id, version, type, payload, occurred_at, traceparent, tracestate)
            select o.id, event.version, event.type, event.payload, event.at, {trace.Parent}, {trace.State}
            from o cross join event order by event.version
            """);
    }
}
