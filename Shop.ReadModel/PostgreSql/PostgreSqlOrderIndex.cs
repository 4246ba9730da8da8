using Npgsql;
using NpgsqlTypes;

namespace Shop.ReadModel.PostgreSql;

internal sealed class PostgreSqlOrderIndex(NpgsqlDataSource dataSource)
    : PostgreSqlCopy(dataSource, CopyTables.Live), IOrderIndex
{
    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(PostgreSqlSchema.EnsureCreatedAsync(DataSource, cancellationToken));

    public async Task SaveFreshnessAsync(
        IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken)
    {
        await using var command = DataSource.CreateCommand(
            $"""
            INSERT INTO {PostgreSqlSchema.Freshness} AS stored
            SELECT * FROM unnest($1, $2) AS t (partition, as_of) ORDER BY partition
            ON CONFLICT (partition) DO UPDATE SET as_of = greatest(stored.as_of, excluded.as_of)
            """);
        command.Parameters.Add(new NpgsqlParameter<int[]> { TypedValue = [.. asOf.Keys] });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = asOf.Values.Select(moment => moment.UtcDateTime).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        });
        await PostgreSqlErrors.Guarded(command.ExecuteNonQueryAsync(cancellationToken));
    }
}
