using System.Data;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Statistics;

/// <summary>
/// Reads the table in slices, and rests after each one, so that other callers are not delayed for long. All slices are
/// read in one snapshot, so that the numbers describe the same moment.
/// </summary>
internal sealed class PostgreSqlOrderStatistics(
    NpgsqlDataSource dataSource, PostgreSqlOptions options, TimeProvider time) : IOrderStatistics
{
    private const int TimeoutSeconds = 10;

    private const string Blocks =
        $"SELECT pg_relation_size('{PostgreSqlSchema.Summaries}') / current_setting('block_size')::bigint";

    public async Task<OrderStatistics> ReadAsync(
        OrderQuery query, string timeZone, CancellationToken cancellationToken) =>
        OrderStatistics.Of(await PostgreSqlErrors.Guarded(ReadAsync(new SearchConditions(query), timeZone, cancellationToken)));

    private async Task<List<StatisticsRow>> ReadAsync(
        SearchConditions conditions, string timeZone, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction =
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await using var counting = new NpgsqlCommand(Blocks, connection, transaction);
        var blocks = (long)(await counting.ExecuteScalarAsync(cancellationToken))!;
        List<StatisticsRow> rows = [];
        for (var from = 0L; ; from += options.StatisticsBlocks)
        {
            var isLast = from + options.StatisticsBlocks >= blocks;
            await using var command = new NpgsqlCommand { Connection = connection, Transaction = transaction };
            command.CommandTimeout = TimeoutSeconds;
            command.CommandText = Sql(
                $"{conditions.Write(command.Parameters)} {Slice(from, isLast)}", timeZone, command.Parameters);
            rows.AddRange(await ReadAsync(command, cancellationToken));
            if (isLast)
                return rows;
            await Task.Delay(options.StatisticsRest, time, cancellationToken);
        }
    }

    private string Slice(long from, bool isLast)
    {
        var start = from > 0 ? $"AND ctid >= '({from},0)'" : "";
        return isLast ? start : $"{start} AND ctid < '({from + options.StatisticsBlocks},0)'";
    }

    private static async Task<List<StatisticsRow>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await command.ReadAllAsync(Read, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            throw new TimeZoneNotFoundException(exception.MessageText, exception);
        }
    }

    private static string Sql(string conditions, string timeZone, NpgsqlParameterCollection parameters)
    {
        var day = $"({SearchCounts.BoundedPlacedAt} AT TIME ZONE {parameters.AddValue(timeZone)})::date";
        // The orders are read once. The groups of a slice are few: none of their columns is null but in other groupings.
        return $"""
            WITH groups AS MATERIALIZED (
                SELECT status, country, currency, categories, day, count(*) AS orders, sum(total) AS amount
                FROM (
                    SELECT status, country, currency, categories, {day} AS day, total
                    FROM {PostgreSqlSchema.Summaries} WHERE {conditions}
                ) AS found
                GROUP BY GROUPING SETS ((status, country, currency), (day, currency), (categories, currency))
            )
            SELECT {Number(OrderFacet.Day)}, to_char(day, 'YYYY-MM-DD'), currency, orders, amount
            FROM groups WHERE day IS NOT NULL
            UNION ALL
            SELECT
                CASE 0 WHEN grouping(status) THEN {Number(OrderFacet.Status)} WHEN grouping(country)
                    THEN {Number(OrderFacet.Country)} ELSE {Number(OrderFacet.Currency)} END,
                coalesce(status, country, currency), currency, sum(orders)::bigint, sum(amount)
            FROM groups WHERE status IS NOT NULL
            GROUP BY GROUPING SETS ((currency), (status, currency), (country, currency))
            UNION ALL
            SELECT {Number(OrderFacet.Category)}, category, currency, sum(orders)::bigint, sum(amount)
            FROM groups CROSS JOIN unnest(categories) AS category
            GROUP BY category, currency
            """;
    }

    private static StatisticsRow Read(NpgsqlDataReader reader) => new(
        (OrderFacet)reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3),
        reader.GetDecimal(4));

    private static int Number(OrderFacet dimension) => (int)dimension;
}
