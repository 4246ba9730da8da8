using Npgsql;
using NpgsqlTypes;

namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>Stores the reports of projectors and the origin of the documents.</summary>
internal static class PostgreSqlFreshness
{
    /// <summary><c>order_source</c> has at most one row.</summary>
    public const string Ddl = """
        CREATE TABLE IF NOT EXISTS order_partitions (
            partition integer PRIMARY KEY,
            as_of timestamptz,
            saved_at timestamptz NOT NULL,
            problem text
        );
        CREATE TABLE IF NOT EXISTS order_source (
            singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
            database_id uuid,
            partition_count integer
        );
        DROP TABLE IF EXISTS order_freshness;
        """;

    // greatest() ignores nulls, so an unknown time does not replace a known one.
    private const string SaveSql = """
        WITH source AS (
            INSERT INTO order_source AS stored (partition_count) VALUES ($5)
            ON CONFLICT (singleton) DO UPDATE SET partition_count = excluded.partition_count
            WHERE excluded.partition_count <> coalesce(stored.partition_count, 0)
        )
        INSERT INTO order_partitions AS stored
        SELECT partition, as_of, $3, $4 FROM unnest($1, $2) AS given (partition, as_of) ORDER BY partition
        ON CONFLICT (partition) DO UPDATE SET
            as_of = greatest(stored.as_of, excluded.as_of),
            saved_at = excluded.saved_at,
            problem = excluded.problem
        """;

    private const string SaveDatabaseIdSql = """
        INSERT INTO order_source AS stored (database_id) VALUES ($1)
        ON CONFLICT (singleton) DO UPDATE
        SET database_id = CASE WHEN $2 THEN $1 ELSE coalesce(stored.database_id, $1) END
        RETURNING database_id
        """;

    private const string ReadSql = """
        SELECT partition, as_of, saved_at, problem, database_id, partition_count
        FROM order_partitions LEFT JOIN order_source ON true
        """;

    public static async Task<int> SaveAsync(
        NpgsqlDataSource dataSource, FreshnessReport report, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(SaveSql);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. report.AsOf.Keys] });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = report.AsOf.Values.Select(asOf => asOf?.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = report.SavedAt.UtcDateTime });
        command.Parameters.Add(new()
        {
            Value = (object?)report.Problem ?? DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Text,
        });
        command.Parameters.Add(new()
        {
            Value = (object?)report.PartitionCount ?? DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.Integer,
        });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The recorded id.</returns>
    public static async Task<Guid> SaveDatabaseIdAsync(
        NpgsqlDataSource dataSource, Guid id, bool replaces, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(SaveDatabaseIdSql);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = replaces });
        return (Guid)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <returns>Null before the first report.</returns>
    public static async Task<Freshness?> ReadAsync(
        NpgsqlDataSource dataSource, int timeoutSeconds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ReadSql);
        command.CommandTimeout = timeoutSeconds;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        Dictionary<int, PartitionFreshness> partitions = [];
        var (databaseId, count) = (default(Guid?), default(int?));
        while (await reader.ReadAsync(cancellationToken))
        {
            partitions.Add(reader.GetInt32(0), new(
                reader.IsDBNull(1) ? null : reader.GetFieldValue<DateTimeOffset>(1),
                reader.GetFieldValue<DateTimeOffset>(2),
                reader.IsDBNull(3) ? null : reader.GetString(3)));
            databaseId = reader.IsDBNull(4) ? null : reader.GetGuid(4);
            count = reader.IsDBNull(5) ? null : reader.GetInt32(5);
        }

        return partitions.Count > 0 ? new(partitions, count, databaseId) : null;
    }
}
