using Npgsql;
using Shop.Contracts;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>Reads order documents, one row each. They serialize to the bytes in the order's last event.</summary>
internal static class OrderReading
{
    // Lines and timeline are arrays in the order of their keys. The timeline is bounded as in Order.
    public const string Select = """
        select o.id, o.number, o.version, o.status, o.customer_id, o.customer_name, o.customer_email,
               o.customer_country, o.customer_version, o.currency, o.total, o.paid, o.refunded, o.recipient, o.street,
               o.postal_code, o.city, o.country, o.note, o.placed_at, o.updated_at, s.carrier, s.tracking_number,
               l.skus, l.names, l.categories, l.quantities, l.unit_prices, e.versions, e.types, e.times,
               e.subjects, e.roles
        from orders o
        left join shipments s on s.order_id = o.id
        cross join lateral (
            select array_agg(sku) as skus, array_agg(name) as names, array_agg(category) as categories,
                   array_agg(quantity) as quantities, array_agg(unit_price) as unit_prices
            from (select * from order_lines where order_id = o.id order by position) as lines) l
        cross join lateral (
            select array_agg(version) as versions, array_agg(type) as types, array_agg(occurred_at) as times,
                   array_agg(actor_subject) as subjects, array_agg(actor_role) as roles
            from (
                select * from order_events where order_id = o.id and (version = 1 or version > o.version - 99)
                order by version) as events) e

        """;

    /// <param name="onlyCustomer">The customer whose order it has to be; null for any.</param>
    public static void AddSelect(NpgsqlBatch batch, Guid id, Guid? onlyCustomer)
    {
        var sql = Sql.Begin().AppendText(Select).Append($"where o.id = {id}");
        if (onlyCustomer is { } customer)
            sql.Append($" and o.customer_id = {customer}");
        sql.AddTo(batch);
    }

    public static Order ReadOrder(NpgsqlDataReader row) => Order.Load(ReadState(row), row.GetInt64(8));

    public static OrderDocument ReadState(NpgsqlDataReader row)
    {
        var currency = row.GetString(9);
        return new OrderDocument
        {
            Id = row.GetGuid(0),
            Number = row.GetString(1),
            Version = row.GetInt64(2),
            Status = row.GetString(3),
            Customer = new OrderCustomer(row.GetGuid(4), row.GetString(5), row.GetString(6), row.GetString(7)),
            Lines = ReadLines(row, currency),
            Total = new Money(row.GetInt64(10), currency),
            Paid = row.IsDBNull(11) ? null : new Money(row.GetInt64(11), currency),
            Refunded = row.IsDBNull(12) ? null : new Money(row.GetInt64(12), currency),
            ShippingAddress = new Address(
                row.GetString(13), row.GetString(14), row.GetString(15), row.GetString(16), row.GetString(17)),
            Note = row.IsDBNull(18) ? null : row.GetString(18),
            PlacedAt = row.GetFieldValue<DateTimeOffset>(19),
            UpdatedAt = row.GetFieldValue<DateTimeOffset>(20),
            Shipment = row.IsDBNull(21) ? null : new Shipment(row.GetString(21), row.GetString(22)),
            Timeline = ReadTimeline(row),
        };
    }

    private static OrderLine[] ReadLines(NpgsqlDataReader row, string currency)
    {
        var skus = row.GetFieldValue<string[]>(23);
        var names = row.GetFieldValue<string[]>(24);
        var categories = row.GetFieldValue<string[]>(25);
        var quantities = row.GetFieldValue<int[]>(26);
        var unitPrices = row.GetFieldValue<long[]>(27);
        var lines = new OrderLine[skus.Length];
        for (var i = 0; i < lines.Length; i++)
            lines[i] = new(skus[i], names[i], categories[i], quantities[i], new Money(unitPrices[i], currency));
        return lines;
    }

    private static TimelineEntry[] ReadTimeline(NpgsqlDataReader row)
    {
        var versions = row.GetFieldValue<long[]>(28);
        var types = row.GetFieldValue<string[]>(29);
        var times = row.GetFieldValue<DateTimeOffset[]>(30);
        var subjects = row.GetFieldValue<string?[]>(31);
        var roles = row.GetFieldValue<string?[]>(32);
        var timeline = new TimelineEntry[types.Length];
        for (var i = 0; i < timeline.Length; i++)
        {
            var by = subjects[i] is { } subject ? new Actor(subject, roles[i]!) : null;
            timeline[i] = new(types[i], times[i], versions[i], by);
        }

        return timeline;
    }
}
