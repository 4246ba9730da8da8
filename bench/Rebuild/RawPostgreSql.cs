using Npgsql;
using Shop.Bench.Hosting;

namespace Shop.Bench.Rebuild;

/// <summary>The rows of the live tables, copied in binary form into tables of the same columns and indexes.</summary>
internal sealed class RawPostgreSql(NpgsqlDataSource database) : IRawBulk
{
    private const int InFlight = 4;
    private const int ChunkSize = 1_000;

    private static readonly string[] Tables = ["order_summaries", "order_documents"];

    private readonly List<(string Table, byte[] Rows)> _chunks = [];
    private long _orders;

    public static async Task<IRawBulk> CreateAsync(ShopProcess shop)
    {
        var raw = new RawPostgreSql(NpgsqlDataSource.Create(shop.ConnectionString("readdb")));
        await raw.ReadAsync();
        return raw;
    }

    public async Task<long> WriteAsync(CancellationToken cancellationToken)
    {
        foreach (var table in Tables)
        {
            await using var create = database.CreateCommand(
                $"DROP TABLE IF EXISTS raw_{table}; CREATE TABLE raw_{table} (LIKE {table} INCLUDING ALL)");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await Parallel.ForEachAsync(
            _chunks,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellationToken },
            async (chunk, token) =>
            {
                await using var connection = await database.OpenConnectionAsync(token);
                await using var copy = await connection.BeginRawBinaryCopyAsync(
                    $"COPY raw_{chunk.Table} FROM STDIN (FORMAT BINARY)", token);
                await copy.WriteAsync(chunk.Rows, token);
            });
        return _orders;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task ReadAsync()
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var count = new NpgsqlCommand($"SELECT count(*) FROM {Tables[0]}", connection);
        _orders = (long)(await count.ExecuteScalarAsync())!;
        for (var offset = 0; offset < _orders; offset += ChunkSize)
        {
            foreach (var table in Tables)
            {
                await using var copy = await connection.BeginRawBinaryCopyAsync(
                    $"COPY (SELECT * FROM {table} ORDER BY id LIMIT {ChunkSize} OFFSET {offset}) TO STDOUT (FORMAT BINARY)");
                using var rows = new MemoryStream();
                await copy.CopyToAsync(rows);
                _chunks.Add((table, rows.ToArray()));
            }
        }
    }
}
