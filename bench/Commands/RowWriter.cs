using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Contracts;

namespace Shop.Bench.Commands;

/// <summary>
/// The control arm: the rows of a placed order, prepared and in one pipelined batch, which is one transaction. No HTTP,
/// no JSON in, no look-up, no rule; the same tables, indexes and constraints, and the same outbox payload.
/// </summary>
internal sealed class RowWriter : IAsyncDisposable
{
    private static readonly string[] Statements =
    [
        """
        insert into orders (id, number, version, status, currency, total, recipient, street, postal_code, city, country,
            note, placed_at, updated_at, customer_id, customer_version, customer_name, customer_email, customer_country)
        values ($1, $2, 1, 'placed', $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, 1, $13, $14, $15)
        """,
        """
        insert into order_lines (order_id, position, sku, name, category, quantity, unit_price)
        select $1, line.position, line.sku, line.name, line.category, line.quantity, line.unit_price
        from unnest($2, $3, $4, $5, $6) with ordinality as line (sku, name, category, quantity, unit_price, position)
        """,
        "insert into order_events (order_id, version, type, occurred_at) values ($1, 1, 'placed', $2)",
        """
        insert into outbox (order_id, version, type, payload, occurred_at, traceparent)
        values ($1, 1, $2, $3, $4, '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')
        """,
    ];

    private readonly NpgsqlDataSource _database;
    private readonly OrderCustomer _customer;
    private readonly OrderLine[] _lines;

    private RowWriter(NpgsqlDataSource database, OrderLoad load)
    {
        _database = database;
        _customer = new OrderCustomer(load.CustomerId, "Ada Lovelace", "ada@example.org", "GB");
        _lines = [.. load.Products.Take(2).Select(product => new OrderLine(
            product.GetProperty("sku").GetString()!, product.GetProperty("name").GetString()!,
            product.GetProperty("category").GetString()!, 1,
            new Money(product.GetProperty("price").GetProperty("amount").GetInt64(), "EUR")))];
    }

    public static RowWriter Create(ShopProcess shop, OrderLoad load)
    {
        var settings = new NpgsqlDataSourceBuilder(shop.ConnectionString("orders"));
        settings.ConnectionStringBuilder.MaxAutoPrepare = 20;
        settings.ConnectionStringBuilder.AutoPrepareMinUsages = 2;
        return new RowWriter(settings.Build(), load);
    }

    public async Task WriteAsync()
    {
        var now = TimeProvider.System.GetUtcNow();
        var order = State(now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond)));
        var address = order.ShippingAddress;
        var placed = new OrderPlaced(_customer.Id, _lines, order.Total, address, order.Note);
        var payload = JsonSerializer.SerializeToUtf8Bytes(
            new OrderEventValue<OrderPlaced>(placed, order), ContractsJson.Default.OrderEventValueOrderPlaced);
        await using var batch = _database.CreateBatch();
        Add(batch, 0, order.Id, order.Number, "EUR", order.Total.Amount, address.Recipient, address.Street,
            address.PostalCode, address.City, address.Country, order.Note!, order.PlacedAt, _customer.Id,
            _customer.Name, _customer.Email, _customer.Country);
        Add(batch, 1, order.Id, Of(line => line.Sku), Of(line => line.Name), Of(line => line.Category),
            Of(line => line.Quantity), Of(line => line.UnitPrice.Amount));
        Add(batch, 2, order.Id, order.PlacedAt);
        Add(batch, 3, order.Id, OrderEventTypes.Of<OrderPlaced>(), payload, order.PlacedAt);
        batch.BatchCommands[3].Parameters[2].NpgsqlDbType = NpgsqlDbType.Json;
        await batch.ExecuteNonQueryAsync();
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private static void Add(NpgsqlBatch batch, int statement, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(Statements[statement]);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    private T[] Of<T>(Func<OrderLine, T> member) => Array.ConvertAll(_lines, line => member(line));

    private OrderDocument State(DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        return new OrderDocument
        {
            Id = id,
            Number = $"C{id:N}",
            Version = 1,
            Status = OrderStatuses.Placed,
            Customer = _customer,
            Lines = _lines,
            Total = new Money(_lines.Sum(line => line.UnitPrice.Amount), "EUR"),
            ShippingAddress = new("Ada Lovelace", "14 St James's Square", "SW1Y 4JH", "London", "GB"),
            Note = "Leave it with the porter",
            PlacedAt = now,
            UpdatedAt = now,
            Timeline = [new(OrderPlaced.Name, now, 1)],
        };
    }
}
