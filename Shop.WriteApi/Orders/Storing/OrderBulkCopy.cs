using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>Copies the rows that depend on new orders, with one COPY a table.</summary>
internal sealed class OrderBulkCopy(
    NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
{
    public async Task CopyAsync(Func<OrderTrace> startTrace)
    {
        await CopyLinesAsync();
        await CopyTimelinesAsync();
        await CopyPaymentsAsync();
        await CopyShipmentsAsync();
        await CopyRefundsAsync();
        await CopyOutboxAsync(startTrace);
    }

    private Task CopyLinesAsync() => CopyAsync(
        "order_lines (order_id, position, sku, name, category, quantity, unit_price)",
        orders.SelectMany(order => order.Document.Lines.Index(), (order, line) => (order.Document.Id, line.Index, line.Item)),
        async (row, data) =>
        {
            var (order, index, line) = data;
            await row.WriteAsync(order, cancellationToken);
            await row.WriteAsync(index + 1, cancellationToken);
            await row.WriteAsync(line.Sku, cancellationToken);
            await row.WriteAsync(line.Name, cancellationToken);
            await row.WriteAsync(line.Category, cancellationToken);
            await row.WriteAsync(line.Quantity, cancellationToken);
            await row.WriteAsync(line.UnitPrice.Amount, cancellationToken);
        });

    private Task CopyTimelinesAsync() => CopyAsync(
        "order_events (order_id, version, type, occurred_at, actor_subject, actor_role)",
        orders.SelectMany(order => order.Document.Timeline, (order, entry) => (order.Document.Id, entry)),
        async (row, data) =>
        {
            var (order, entry) = data;
            await row.WriteAsync(order, cancellationToken);
            await row.WriteAsync(entry.Version, cancellationToken);
            await row.WriteAsync(entry.Type, cancellationToken);
            await row.WriteAsync(entry.At, cancellationToken);
            await row.WriteAsync(entry.By?.Subject, cancellationToken);
            await row.WriteAsync(entry.By?.Role, cancellationToken);
        });

    private Task CopyPaymentsAsync() => CopyAsync(
        "payments (order_id, amount, currency, method, reference, paid_at)",
        Raised<OrderPaid>(),
        async (row, raised) =>
        {
            var (paid, order) = raised;
            await row.WriteAsync(order.Id, cancellationToken);
            await row.WriteAsync(paid.Amount.Amount, cancellationToken);
            await row.WriteAsync(paid.Amount.Currency, cancellationToken);
            await row.WriteAsync(paid.Method, cancellationToken);
            await row.WriteAsync(paid.Reference, cancellationToken);
            await row.WriteAsync(order.UpdatedAt, cancellationToken);
        });

    private Task CopyShipmentsAsync() => CopyAsync(
        "shipments (order_id, carrier, tracking_number, shipped_at)",
        Raised<OrderShipped>(),
        async (row, raised) =>
        {
            var (shipped, order) = raised;
            await row.WriteAsync(order.Id, cancellationToken);
            await row.WriteAsync(shipped.Carrier, cancellationToken);
            await row.WriteAsync(shipped.TrackingNumber, cancellationToken);
            await row.WriteAsync(order.UpdatedAt, cancellationToken);
        });

    private Task CopyRefundsAsync() => CopyAsync(
        "refunds (order_id, version, amount, currency, reason, refunded_at)",
        Raised<OrderRefunded>(),
        async (row, raised) =>
        {
            var (refunded, order) = raised;
            await row.WriteAsync(order.Id, cancellationToken);
            await row.WriteAsync(order.Version, cancellationToken);
            await row.WriteAsync(refunded.Amount.Amount, cancellationToken);
            await row.WriteAsync(refunded.Amount.Currency, cancellationToken);
            await row.WriteAsync(refunded.Reason, cancellationToken);
            await row.WriteAsync(order.UpdatedAt, cancellationToken);
        });

    // The log has the rows in this order, and an order's rows in the order of their versions.
    private Task CopyOutboxAsync(Func<OrderTrace> startTrace) => CopyAsync(
        "outbox (order_id, version, type, payload, occurred_at, traceparent, tracestate)",
        from order in orders
        let trace = startTrace()
        from raised in order.Raised
        select (raised, trace),
        async (row, data) =>
        {
            var (raised, trace) = data;
            await row.WriteAsync(raised.Order.Id, cancellationToken);
            await row.WriteAsync(raised.Order.Version, cancellationToken);
            await row.WriteAsync(raised.Type, cancellationToken);
            await row.WriteAsync(raised.Serialize(), NpgsqlDbType.Json, cancellationToken);
            await row.WriteAsync(raised.Order.UpdatedAt, cancellationToken);
            await row.WriteAsync(trace.Parent, cancellationToken);
            await row.WriteAsync(trace.State, cancellationToken);
        });

    private IEnumerable<(TEvent Data, OrderDocument Order)> Raised<TEvent>()
        where TEvent : class, IOrderEvent =>
        from order in orders
        from raised in order.Raised
        let data = raised.Data as TEvent
        where data is not null
        select (data, raised.Order);

    private async Task CopyAsync<T>(string table, IEnumerable<T> rows, Func<NpgsqlBinaryImporter, T, Task> write)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {table} from stdin (format binary)", cancellationToken);
        foreach (var row in rows)
        {
            await copy.StartRowAsync(cancellationToken);
            await write(copy, row);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
