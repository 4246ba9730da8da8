using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>
/// Indexes a copy that has been filled: all rows at once cost a fraction of what one after the other does. Events are
/// written to the copy meanwhile, so that nothing may be locked; and what was cut short is taken up again.
/// </summary>
internal static class CopyIndexes
{
    /// <returns>How many were lacking.</returns>
    public static async Task<int> EnsureAsync(
        NpgsqlDataSource dataSource, CopyTables tables, CancellationToken cancellationToken)
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

        // They are made one after another, in this order.
        foreach (var index in tables.Indexes.Skip(made))
            await ExecuteAsync($"CREATE INDEX CONCURRENTLY {index}");
        await ExecuteAsync($"ANALYZE {tables.Summaries}");
        return tables.Indexes.Length - made;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<List<(string Name, bool IsValid)>> ReadAsync(
        NpgsqlConnection connection, CopyTables tables, CancellationToken cancellationToken)
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
