using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.LocalServers.Machines;
using Shop.Testing.Orders;

namespace Shop.Bench.Scale;

/// <summary>
/// The control arm's database: the tables of the write database with the same orders, and the indexes that a careful
/// developer would add to search them there.
/// </summary>
internal sealed class WriteSchema(NpgsqlDataSource database, RealisticOrders orders)
{
    private const string Tables = """
        create table customers (
            id uuid primary key, version bigint not null, name varchar(200) not null, email varchar(254) not null,
            country varchar(2) not null);
        create table products (
            sku varchar(64) primary key, version bigint not null, name varchar(200) not null,
            category varchar(100) not null, price bigint not null, currency varchar(3) not null);
        """;

    private const string Search = """
        create extension if not exists pg_trgm;
        alter table orders add search tsvector generated always as (
            setweight(to_tsvector('simple', number || ' ' || customer_email), 'A')
            || setweight(to_tsvector('simple', customer_name || ' ' || recipient), 'B')
            || setweight(to_tsvector('simple', street || ' ' || postal_code || ' ' || city), 'C')
            || setweight(to_tsvector('simple', coalesce(note, '')), 'D')) stored;
        alter table order_lines add search tsvector generated always as (
            setweight(to_tsvector('simple', sku), 'A') || setweight(to_tsvector('simple', name), 'B')
            || setweight(to_tsvector('simple', category), 'C')) stored;
        """;

    private static readonly string[] Indexes =
    [
        "on orders using gin (search) with (fastupdate = off)", "on order_lines using gin (search) with (fastupdate = off)",
        "on orders (placed_at, id)", "on orders (total, id)", "on orders (customer_id, placed_at)", "on orders (country, status)",
        "on order_lines (category, order_id)", "on order_lines (sku, order_id)",
        "on customers using gin (name gin_trgm_ops)", "on products using gin (name gin_trgm_ops)",
    ];

    public static async Task<TimeSpan> FillAsync(
        string connectionString, RealisticOrders orders, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        return await new WriteSchema(database, orders).FillAsync(cancellationToken);
    }

    private async Task<TimeSpan> FillAsync(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var migration = Path.Combine(Checkout.Root, "Shop.WriteApi", "Database", "Migrations", "Initial.sql");
        await ExecuteAsync(database, Tables + await File.ReadAllTextAsync(migration, cancellationToken), cancellationToken);
        await ExecuteAsync(database, Search, cancellationToken);
        await Task.WhenAll(CopyOrdersAsync(cancellationToken), CopyLinesAsync(cancellationToken));
        await ExecuteAsync(database, """
            insert into customers select distinct on (customer_id) customer_id, 1, customer_name, customer_email, customer_country from orders;
            insert into products select distinct on (sku) sku, 1, name, category, unit_price, 'EUR' from order_lines;
            """, cancellationToken);
        await IndexAsync(database, cancellationToken);
        return watch.Elapsed;
    }

    /// <summary>Makes the write database of a running shop searchable.</summary>
    public static async Task AddSearchAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await ExecuteAsync(database, Search, cancellationToken);
        await IndexAsync(database, cancellationToken);
    }

    private static async Task IndexAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            Indexes, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (index, token) => await ExecuteAsync(database, $"create index {index}", token));
        await ExecuteAsync(database, "vacuum analyze", cancellationToken);
    }

    private async Task CopyOrdersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy orders (id, number, version, status, customer_id, customer_version, customer_name, customer_email,
                customer_country, currency, total, paid, refunded, recipient, street, postal_code, city, country, note,
                placed_at, updated_at) from stdin (format binary)
            """, cancellationToken);
        foreach (var order in orders.All)
        {
            await copy.StartRowAsync(cancellationToken);
            foreach (var value in Row(order))
                await WriteAsync(copy, value, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private async Task CopyLinesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy order_lines (order_id, position, sku, name, category, quantity, unit_price) from stdin (format binary)",
            cancellationToken);
        foreach (var order in orders.All)
        {
            foreach (var (i, line) in order.Lines.Index())
            {
                await copy.StartRowAsync(cancellationToken);
                foreach (var value in (object[])[order.Id, i + 1, line.Sku, line.Name, line.Category, line.Quantity, line.UnitPrice.Amount])
                    await WriteAsync(copy, value, cancellationToken);
            }
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static object?[] Row(OrderDocument order)
    {
        var isPaid = order.Status is not (OrderStatuses.Placed or OrderStatuses.Cancelled);
        long? paid = isPaid ? order.Total.Amount : null;
        var (customer, address) = (order.Customer, order.ShippingAddress);
        return
        [
            order.Id, order.Number, order.Version, order.Status, customer.Id, 1L, customer.Name, customer.Email, customer.Country,
            order.Total.Currency, order.Total.Amount, paid, order.Status is OrderStatuses.Refunded ? paid : null,
            address.Recipient, address.Street, address.PostalCode, address.City, address.Country, order.Note,
            order.PlacedAt.UtcDateTime, order.UpdatedAt.UtcDateTime,
        ];
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, object? value, CancellationToken cancellationToken) => value switch
    {
        null => copy.WriteNullAsync(cancellationToken),
        DateTime time => copy.WriteAsync(time, NpgsqlDbType.TimestampTz, cancellationToken),
        _ => copy.WriteAsync(value, cancellationToken),
    };

    // The foreign keys hold by construction; checking them row by row would be most of the work.
    private static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("set session_replication_role = replica", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
