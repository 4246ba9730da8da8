using Npgsql;

namespace Shop.Bench.Import;

/// <summary>
/// The control arm: the rows of imported orders under other ids, in prepared bytes. Each chunk is one transaction with
/// one COPY a table, into the same tables. No HTTP, no JSON in, no look-up, no rule, no serialization.
/// </summary>
internal sealed class RowCopy(NpgsqlDataSource database)
{
    private const int ChunkSize = 500;

    // In the order of the foreign keys.
    private static readonly string[] Tables =
        ["customers", "orders", "order_lines", "order_events", "payments", "shipments", "refunds", "outbox"];

    private readonly List<(string Table, string Columns, byte[] Rows)[]> _chunks = [];

    /// <summary>Reads all orders of the database that an import has written.</summary>
    /// <param name="name">Makes the ids, numbers and e-mail addresses different from those of any other round.</param>
    /// <returns>The number of orders.</returns>
    public async Task<int> PrepareAsync(string name, CancellationToken cancellationToken)
    {
        _chunks.Clear();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"""
            create temporary table chunks as
                select id, customer_id, number, (row_number() over (order by id) - 1) / {ChunkSize} as chunk
                from orders where customer_email like 'source-%';
            create index on chunks (id);
            analyze chunks
            """, cancellationToken);
        foreach (var table in Tables)
            await ExecuteAsync(connection, await StageAsync(connection, table, name, cancellationToken), cancellationToken);
        var orders = (int)(long)await ScalarAsync(connection, "select count(*) from chunks", cancellationToken);
        for (var chunk = 0; chunk * ChunkSize < orders; chunk++)
            _chunks.Add(await ReadChunkAsync(connection, chunk, cancellationToken));
        await ExecuteAsync(connection, "discard temporary", cancellationToken);
        return orders;
    }

    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var chunk in _chunks)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var (table, columns, rows) in chunk)
            {
                await using var copy = await connection.BeginRawBinaryCopyAsync(
                    $"copy {table} ({columns}) from stdin (format binary)", cancellationToken);
                await copy.WriteAsync(rows, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task<(string, string, byte[])[]> ReadChunkAsync(
        NpgsqlConnection connection, int chunk, CancellationToken cancellationToken)
    {
        var tables = new List<(string, string, byte[])>();
        foreach (var table in Tables)
        {
            var columns = await ColumnsAsync(connection, table, cancellationToken);
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                $"copy (select {columns} from pg_temp.new_{table} where chunk = {chunk}) to stdout (format binary)",
                cancellationToken);
            var rows = new MemoryStream();
            await copy.CopyToAsync(rows, cancellationToken);
            tables.Add((table, columns, rows.ToArray()));
        }

        return [.. tables];
    }

    private static async Task<string> StageAsync(
        NpgsqlConnection connection, string table, string name, CancellationToken cancellationToken)
    {
        var columns = (await ColumnsAsync(connection, table, cancellationToken)).Split(", ")
            .Select(column => $"{Expression(table, column, name)} as {column}");
        var source = table switch
        {
            "orders" => "orders t join chunks c using (id)",
            "customers" =>
                "customers t join (select customer_id, min(chunk) as chunk from chunks group by 1) c on c.customer_id = t.id",
            _ => $"{table} t join chunks c on c.id = t.order_id",
        };
        return $"""
            create temporary table new_{table} as select c.chunk, {string.Join(", ", columns)} from {source};
            create index on new_{table} (chunk)
            """;
    }

    private static string Expression(string table, string column, string name) => (table, column) switch
    {
        (_, "order_id" or "customer_id") or ("orders" or "customers", "id") => $"md5('{name}' || t.{column})::uuid",
        ("orders", "number") => $"left('{name}' || md5('{name}' || t.number), 20)",
        ("customers", "email") => $"'{name}' || t.email",
        ("outbox", "payload") => $"""
            replace(replace(t.payload::text, t.order_id::text, md5('{name}' || t.order_id)::uuid::text),
                c.number, left('{name}' || md5('{name}' || c.number), 20))::json
            """,
        _ => $"t.{column}",
    };

    private static async Task<string> ColumnsAsync(
        NpgsqlConnection connection, string table, CancellationToken cancellationToken) =>
        (string)await ScalarAsync(connection, $"""
            select string_agg(attname, ', ' order by attnum) from pg_attribute
            where attrelid = '{table}'::regclass and attnum > 0 and not attisdropped and attidentity = ''
            """, cancellationToken);

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<object> ScalarAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return (await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
