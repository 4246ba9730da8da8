using Npgsql;

namespace Shop.Bench.Scale;

/// <param name="Data">In bytes, with indexes.</param>
/// <param name="Indexes">Of a PostgreSQL database; Elasticsearch has nothing but an index.</param>
internal sealed record StoreSize(long Data, long Indexes);

internal sealed record ScaleSizes(StoreSize Store, StoreSize Write, TimeSpan Filled, TimeSpan Copied, double ApiMemory);

internal static class ScaleSize
{
    public static async Task<StoreSize> ReadAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("""
            select sum(pg_total_relation_size(oid))::bigint, sum(pg_indexes_size(oid))::bigint from pg_class
            where relkind = 'r' and relnamespace = 'public'::regnamespace
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>What autovacuum does after a while.</summary>
    public static async Task VacuumAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand("vacuum analyze");
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
