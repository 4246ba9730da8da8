using System.Diagnostics;
using System.Globalization;
using Elastic.Clients.Elasticsearch;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Bench.Hosting;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Searching;

namespace Shop.Bench.Lag;

/// <summary>
/// The lower limit: one process commits the order with Npgsql in one batch, writes its document to the read store
/// itself and searches until it finds it. Servers, durability and document are the same.
/// </summary>
internal sealed class FloorLoop(IHost host, NpgsqlDataSource orders) : IAsyncDisposable
{
    private readonly IOrderIndex _index = host.Services.GetRequiredService<IOrderIndex>();
    private readonly IOrderSearch _search = host.Services.GetRequiredService<IOrderSearch>();
    private readonly ElasticsearchClient? _elasticsearch = host.Services.GetService<ElasticsearchClient>();
    private int _next;

    public static async Task<FloorLoop> CreateAsync(ShopProcess shop, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        if (builder.Configuration.GetConnectionString("elasticsearch") is null)
            builder.Configuration["ConnectionStrings:readdb"] = shop.ConnectionString("readdb");
        // It refreshes by itself, after each document.
        builder.Configuration["Elasticsearch:RefreshInterval"] = "1.00:00:00";
        builder.AddReadModel();
        var orders = NpgsqlDataSource.Create(shop.ConnectionString("orders"));
        await using var create = orders.CreateCommand("""
            create table if not exists floor_orders (id uuid primary key, number text unique, customer_id uuid,
                status text, version bigint, currency text, total bigint, address jsonb, note text, placed_at timestamptz);
            create table if not exists floor_lines (order_id uuid references floor_orders, position int, sku text,
                name text, quantity int, unit_price bigint, primary key (order_id, position));
            create table if not exists floor_outbox (order_id uuid, version bigint, type text, payload json,
                primary key (order_id, version))
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new FloorLoop(builder.Build(), orders);
    }

    public async Task CommitAndFindAsync(long due, LagRecorders recorders)
    {
        var document = Document();
        await CommitAsync(document);
        var answered = Stopwatch.GetTimestamp();
        recorders.Answered.Record(Stopwatch.GetElapsedTime(due, answered));

        await _index.ApplyAsync([SerializedOrder.From(document)], CancellationToken.None);
        if (_elasticsearch is not null)
            await _elasticsearch.Indices.RefreshAsync("orders");

        var query = new OrderQuery
        {
            Scope = CallerScope.Everything,
            Text = SearchTextParser.Parse(document.Number, out _),
        };
        while ((await _search.SearchAsync(query, CancellationToken.None)).Orders.Count == 0)
        {
        }

        recorders.Found.Record(Stopwatch.GetElapsedTime(answered));
    }

    public async ValueTask DisposeAsync()
    {
        await orders.DisposeAsync();
        host.Dispose();
    }

    private async Task CommitAsync(OrderDocument order)
    {
        await using var connection = await orders.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var batch = new NpgsqlBatch(connection, transaction);
        Add(batch, "insert into floor_orders values ($1, $2, $3, $4, 1, $5, $6, '{}', $7, $8)",
            order.Id, order.Number, order.Customer.Id, order.Status, order.Total.Currency, order.Total.Amount,
            order.Note!, order.PlacedAt);
        for (var i = 0; i < order.Lines.Count; i++)
        {
            var line = order.Lines[i];
            Add(batch, "insert into floor_lines values ($1, $2, $3, $4, $5, $6)",
                order.Id, i, line.Sku, line.Name, line.Quantity, line.UnitPrice.Amount);
        }

        Add(batch, "insert into floor_outbox values ($1, 1, 'placed', '{}')", order.Id);
        await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }

    private OrderDocument Document()
    {
        var i = Interlocked.Increment(ref _next);
        // Microseconds: what PostgreSQL keeps of a time.
        var now = TimeProvider.System.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
        return new OrderDocument
        {
            Id = Guid.CreateVersion7(),
            Number = string.Create(CultureInfo.InvariantCulture, $"FLOOR{now.Ticks:X}{i:X6}"),
            Version = 1,
            Status = OrderStatuses.Placed,
            Customer = new(Guid.CreateVersion7(), "Ada Lovelace", "ada@example.org", "GB"),
            Lines =
            [
                new("FLOOR-1", "Mechanical keyboard", "Computers", 1 + (i % 3), new Money(12900, "EUR")),
                new("FLOOR-2", "Desk lamp", "Lighting", 1, new Money(4900, "EUR")),
            ],
            Total = new Money((12900 * (1 + (i % 3))) + 4900, "EUR"),
            ShippingAddress = new("Ada Lovelace", $"{1 + (i % 200)} St James's Square", "SW1Y 4JH", "London", "GB"),
            Note = "Leave it with the porter",
            PlacedAt = now,
            UpdatedAt = now,
            Timeline = [new("placed", now, 1)],
        };
    }
}
