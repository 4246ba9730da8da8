using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>Copies the rows that depend on new orders, with one COPY a table.</summary>
internal static class OrderBulkCopy
{
    public static async Task CopyAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, Func<OrderTrace> startTrace,
        CancellationToken cancellationToken)
    {
        await CopyLinesAsync(connection, orders, cancellationToken);
        await CopyTimelinesAsync(connection, orders, cancellationToken);
        await CopyPaymentsAsync(connection, orders, cancellationToken);
        await CopyShipmentsAsync(connection, orders, cancellationToken);
        await CopyRefundsAsync(connection, orders, cancellationToken);
        await CopyOutboxAsync(connection, orders, startTrace, cancellationToken);
    }

    private static async Task CopyLinesAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy order_lines (order_id, position, sku, name, category, quantity, unit_price) from stdin (format binary)
            """,
            cancellationToken);
        foreach (var order in orders)
        {
            var position = 0;
            foreach (var line in order.Document.Lines)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(order.Document.Id, cancellationToken);
                await copy.WriteAsync(++position, cancellationToken);
                await copy.WriteAsync(line.Sku, cancellationToken);
                await copy.WriteAsync(line.Name, cancellationToken);
                await copy.WriteAsync(line.Category, cancellationToken);
                await copy.WriteAsync(line.Quantity, cancellationToken);
                await copy.WriteAsync(line.UnitPrice.Amount, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyTimelinesAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy order_events (order_id, version, type, occurred_at, actor_subject, actor_role)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var order in orders)
        {
            foreach (var entry in order.Document.Timeline)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(order.Document.Id, cancellationToken);
                await copy.WriteAsync(entry.Version, cancellationToken);
                await copy.WriteAsync(entry.Type, cancellationToken);
                await copy.WriteAsync(entry.At, cancellationToken);
                await copy.WriteAsync(entry.By?.Subject, cancellationToken);
                await copy.WriteAsync(entry.By?.Role, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyPaymentsAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy payments (order_id, amount, currency, method, reference, paid_at) from stdin (format binary)",
            cancellationToken);
        foreach (var (paid, order) in Raised<OrderPaid>(orders))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(order.Id, cancellationToken);
            await copy.WriteAsync(paid.Amount.Amount, cancellationToken);
            await copy.WriteAsync(paid.Amount.Currency, cancellationToken);
            await copy.WriteAsync(paid.Method, cancellationToken);
            await copy.WriteAsync(paid.Reference, cancellationToken);
            await copy.WriteAsync(order.UpdatedAt, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyShipmentsAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy shipments (order_id, carrier, tracking_number, shipped_at) from stdin (format binary)",
            cancellationToken);
        foreach (var (shipped, order) in Raised<OrderShipped>(orders))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(order.Id, cancellationToken);
            await copy.WriteAsync(shipped.Carrier, cancellationToken);
            await copy.WriteAsync(shipped.TrackingNumber, cancellationToken);
            await copy.WriteAsync(order.UpdatedAt, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static async Task CopyRefundsAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy refunds (order_id, version, amount, currency, reason, refunded_at) from stdin (format binary)",
            cancellationToken);
        foreach (var (refunded, order) in Raised<OrderRefunded>(orders))
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(order.Id, cancellationToken);
            await copy.WriteAsync(order.Version, cancellationToken);
            await copy.WriteAsync(refunded.Amount.Amount, cancellationToken);
            await copy.WriteAsync(refunded.Amount.Currency, cancellationToken);
            await copy.WriteAsync(refunded.Reason, cancellationToken);
            await copy.WriteAsync(order.UpdatedAt, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    // The log has the rows in this order, and an order's rows in the order of their versions.
    private static async Task CopyOutboxAsync(
        NpgsqlConnection connection, IReadOnlyList<Order> orders, Func<OrderTrace> startTrace,
        CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            """
            copy outbox (order_id, version, type, payload, occurred_at, traceparent, tracestate)
            from stdin (format binary)
            """,
            cancellationToken);
        foreach (var order in orders)
        {
            var trace = startTrace();
            foreach (var raised in order.Raised)
            {
                await copy.StartRowAsync(cancellationToken);
                await copy.WriteAsync(order.Document.Id, cancellationToken);
                await copy.WriteAsync(raised.Order.Version, cancellationToken);
                await copy.WriteAsync(raised.Type, cancellationToken);
                await copy.WriteAsync(raised.Serialize(), NpgsqlDbType.Json, cancellationToken);
                await copy.WriteAsync(raised.Order.UpdatedAt, cancellationToken);
                await copy.WriteAsync(trace.Parent, cancellationToken);
                await copy.WriteAsync(trace.State, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static IEnumerable<(TEvent Data, OrderDocument Order)> Raised<TEvent>(IEnumerable<Order> orders)
        where TEvent : class, IOrderEvent =>
        from order in orders
        from raised in order.Raised
        let data = raised.Data as TEvent
        where data is not null
        select (data, raised.Order);
}
