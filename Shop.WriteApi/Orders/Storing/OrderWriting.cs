using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// Turns what happened to an order into the statements of a batch: its row, what hangs on it, its timeline and one
/// outbox row for each event. A batch is one round trip and, without a transaction around it, one transaction.
/// </summary>
internal static class OrderWriting
{
    // Where the customer is not as the order has it, nothing is inserted: the lines then miss their order and the batch
    // fails. The share lock orders this against the customer's own change, which waits and then finds this order.
    private const string InsertNew = """
        insert into orders (id, number, version, status, currency, total, paid, refunded, recipient, street,
            postal_code, city, country, note, placed_at, updated_at, customer_id, customer_version, customer_name,
            customer_email, customer_country)
        select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            c.id, c.version, c.name, c.email, c.country
        from customers c
        where c.id = $17 and c.version = $18 and (c.name, c.email, c.country) = ($19, $20, $21)
        """;

    private const string LinesAreOfCatalogue = """
        not exists (
            select from unnest($22, $23, $24, $25) as line (sku, name, category, price)
            where not exists (
                select from products p
                where p.sku = line.sku and p.price = line.price and p.currency = $5
                    and p.name = line.name and p.category = line.category))
        """;

    private const string InsertOrder = $"{InsertNew} for share of c";
    private const string InsertOrderOfCatalogue = $"{InsertNew} and {LinesAreOfCatalogue} for share of c";

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

    /// <param name="isOfCatalogue">A new order is only written where its lines are as the catalogue has them now.</param>
    public static void Add(this NpgsqlBatch batch, Order order, bool isOfCatalogue = false)
    {
        if (order.StoredVersion == 0)
            batch.AddNew(order, isOfCatalogue);
        else
            batch.AddChanged(order);
        foreach (var raised in order.Raised)
            batch.AddEvent(raised);
    }

    private static void AddNew(this NpgsqlBatch batch, Order order, bool isOfCatalogue)
    {
        var state = order.State;
        var insert = batch.Add(isOfCatalogue ? InsertOrderOfCatalogue : InsertOrder)
            .With(state.Id).With(state.Number).With(state.Version).With(state.Status)
            .With(state.Total.Currency).With(state.Total.Amount)
            .With(state.Paid?.Amount).With(state.Refunded?.Amount)
            .With(state.ShippingAddress)
            .With(state.Note).With(state.PlacedAt).With(state.UpdatedAt)
            .With(state.Customer.Id).With(order.CustomerVersion)
            .With(state.Customer.Name).With(state.Customer.Email).With(state.Customer.Country);
        var lines = new LineColumns(state.Lines);
        if (isOfCatalogue)
            insert.With(lines.Skus).With(lines.Names).With(lines.Categories).With(lines.UnitPrices);
        batch.AddLines(state.Id, lines);
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
                batch.AddLines(id, new LineColumns(changed.Lines));
                break;
        }

        batch.Add(InsertOutbox)
            .With(id).With(version).With(raised.Type).With(raised.Serialize(), NpgsqlDbType.Json).With(at)
            .With(Activity.Current?.Id).With(Activity.Current?.TraceStateString);
    }

    private static void AddLines(this NpgsqlBatch batch, Guid id, LineColumns lines) =>
        batch.Add(InsertLines)
            .With(id)
            .With(lines.Skus).With(lines.Names).With(lines.Categories).With(lines.Quantities).With(lines.UnitPrices);

    private static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Address address) => command
        .With(address.Recipient).With(address.Street).With(address.PostalCode).With(address.City).With(address.Country);

    /// <summary>Lines as arrays, one for each column.</summary>
    private readonly struct LineColumns(IReadOnlyList<OrderLine> lines)
    {
        public string[] Skus { get; } = Of(lines, line => line.Sku);

        public string[] Names { get; } = Of(lines, line => line.Name);

        public string[] Categories { get; } = Of(lines, line => line.Category);

        public int[] Quantities { get; } = Of(lines, line => line.Quantity);

        public long[] UnitPrices { get; } = Of(lines, line => line.UnitPrice.Amount);

        private static TItem[] Of<TItem>(IReadOnlyList<OrderLine> lines, Func<OrderLine, TItem> of)
        {
            var items = new TItem[lines.Count];
            for (var i = 0; i < items.Length; i++)
                items[i] = of(lines[i]);
            return items;
        }
    }
}
