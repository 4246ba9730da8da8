using System.Globalization;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Streaming;

/// <summary>
/// Each row has the id of the transaction that wrote it. A snapshot sees every transaction below its xmin that will ever
/// commit, so the next read starts there and repeats the rows of transactions that were still open
/// (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-PG-SNAPSHOT).
/// </summary>
internal sealed class PostgreSqlOrderChanges(NpgsqlDataSource dataSource) : IOrderChanges
{
    private const int PageSize = 200;
    private const int TimeoutSeconds = 5;

    // One statement, so that the rows and the position are of one snapshot.
    private static readonly string Sql = $"""
        WITH found AS (
            SELECT id, version, {OrderTables.ChangedIn} AS changed_in FROM {PostgreSqlSchema.Summaries}
            WHERE ({OrderTables.ChangedIn}, id) > ($1, $2) ORDER BY 3, 1 LIMIT {PageSize}
        )
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, '{PostgreSqlSchema.Summaries}'::regclass::oid::bigint,
            changed_in, found.id, found.version, document
        FROM (SELECT) AS snapshot LEFT JOIN (found JOIN {PostgreSqlSchema.Documents} AS stored USING (id)) ON true
        ORDER BY changed_in, found.id
        """;

    public TimeSpan Settling => TimeSpan.Zero;

    public Task<OrderChanges> ReadAsync(
        string? after, IReadOnlyDictionary<Guid, long> known, CancellationToken cancellationToken)
    {
        return PostgreSqlErrors.Guarded(ReadAsync());

        async Task<OrderChanges> ReadAsync()
        {
            var start = after is null ? null : Position.Parse(after);
            await using var command = dataSource.CreateCommand(Sql);
            command.CommandTimeout = TimeoutSeconds;
            command.Parameters.AddValue(start?.Transaction ?? long.MaxValue);
            command.Parameters.AddValue(start?.Id ?? Guid.AllBitsSet);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var present = new Position(reader.GetInt64(1), reader.GetInt64(0), Guid.Empty);
            return start is null || start.Table != present.Table || start.Transaction > present.Transaction
                ? OrderChanges.None($"{present}", isReset: after is not null)
                : await PostgreSqlOrderChanges.ReadAsync(reader, present, known, cancellationToken);
        }
    }

    private static async Task<OrderChanges> ReadAsync(
        NpgsqlDataReader reader, Position present, IReadOnlyDictionary<Guid, long> known,
        CancellationToken cancellationToken)
    {
        List<StoredOrder> orders = [];
        Dictionary<Guid, long> versions = [];
        var last = present;
        do
        {
            if (await reader.IsDBNullAsync(2, cancellationToken))
                break;

            var (id, version) = (reader.GetGuid(3), reader.GetInt64(4));
            last = present with { Transaction = reader.GetInt64(2), Id = id };
            versions[id] = version;
            if (known.GetValueOrDefault(id) < version)
                orders.Add(reader.GetOrder(5));
        }
        while (await reader.ReadAsync(cancellationToken));

        var hasMore = versions.Count == PageSize;
        var isBeforeOpen = hasMore && last.Transaction < present.Transaction;
        return new(orders, versions, $"{(isBeforeOpen ? last : present)}", hasMore);
    }

    /// <param name="Table">The object id of the table. Each generation has its own.</param>
    /// <param name="Id">The last order that was read of the transaction.</param>
    private sealed record Position(long Table, long Transaction, Guid Id)
    {
        public static Position? Parse(string text) =>
            text.Split('.') is [var table, var transaction, var id]
            && long.TryParse(table, NumberStyles.None, CultureInfo.InvariantCulture, out var oid)
            && long.TryParse(transaction, NumberStyles.None, CultureInfo.InvariantCulture, out var xid)
            && Guid.TryParseExact(id, "N", out var order)
                ? new(oid, xid, order)
                : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Table}.{Transaction}.{Id:N}");
    }
}
