using Npgsql;

namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>
/// Creates the indexes of tables after they have been filled, which costs a fraction of maintaining them row by row.
/// Live writes continue meanwhile, because nothing is locked. An interrupted run is resumed.
/// </summary>
internal static class OrderTableIndexes
{
    public static async Task EnsureAsync(
        NpgsqlDataSource dataSource, OrderTables tables, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var made = 0;
        foreach (var (name, isValid) in await ReadAsync(connection, tables, cancellationToken))
        {
            if (isValid)
                made++;
            else
                await ExecuteAsync($"DROP INDEX CONCURRENTLY {name}");
        }

        // Indexes are always created in this order, one after another.
        foreach (var index in tables.Indexes.Skip(made))
            await ExecuteAsync($"CREATE INDEX CONCURRENTLY {index}");
        await ExecuteAsync($"ANALYZE {tables.Summaries}");

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<List<(string Name, bool IsValid)>> ReadAsync(
        NpgsqlConnection connection, OrderTables tables, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT indexrelid::regclass::text, indisvalid FROM pg_index
            WHERE indrelid = to_regclass('{tables.Summaries}') AND NOT indisprimary
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<(string, bool)> indexes = [];
        while (await reader.ReadAsync(cancellationToken))
            indexes.Add((reader.GetString(0), reader.GetBoolean(1)));
        return indexes;
    }
}
