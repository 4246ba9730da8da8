using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The live tables, and beside them those that a rebuild fills.</summary>
internal sealed class PostgreSqlOrderIndex(NpgsqlDataSource dataSource, PostgreSqlCopies copies) : IOrderIndex
{
    private readonly PostgreSqlCopy _live = new(dataSource, CopyTables.Live);

    public Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(PostgreSqlSchema.EnsureCreatedAsync(dataSource, cancellationToken));

    public Task<IReadOnlyList<IndexOutcome>> ApplyAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        copies.Writer.WriteAsync(copy => copy.ApplyAsync(documents, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<IndexOutcome>> RepairAsync(
        IReadOnlyList<SerializedOrder> documents, CancellationToken cancellationToken) =>
        copies.Writer.WriteAsync(copy => copy.RepairAsync(documents, cancellationToken), cancellationToken);

    public Task RemoveAsync(IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
        _live.RemoveAsync(ids, cancellationToken);

    public IAsyncEnumerable<OrderVersion> VersionsAsync(CancellationToken cancellationToken) =>
        _live.VersionsAsync(cancellationToken);

    public async Task SaveFreshnessAsync(
        IReadOnlyDictionary<int, DateTimeOffset> asOf, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
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
