using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Statistics;

/// <summary>Reads all numbers in one statement, so that they describe the same moment.</summary>
internal sealed class PostgreSqlOrderStatistics(NpgsqlDataSource dataSource) : IOrderStatistics
{
    private const int TimeoutSeconds = 10;

    public async Task<OrderStatistics> ReadAsync(
        OrderQuery query, string timeZone, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand();
        command.CommandTimeout = TimeoutSeconds;
        command.CommandText = Sql(new(query), timeZone, command.Parameters);
        return OrderStatistics.Of(await PostgreSqlErrors.Guarded(ReadAsync(command, cancellationToken)));
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

    private static string Sql(SearchConditions conditions, string timeZone, NpgsqlParameterCollection parameters)
    {
        var found = $"FROM {PostgreSqlSchema.Summaries} WHERE {conditions.Write(parameters)}";
        var day = $"({SearchCounts.BoundedPlacedAt} AT TIME ZONE {parameters.AddValue(timeZone)})::date";
        // The inner aggregates leave few rows and can be computed by parallel workers; grouping sets cannot.
        return $"""
            SELECT
                CASE 0 WHEN grouping(status) THEN {Number(OrderFacet.Status)} WHEN grouping(country)
                    THEN {Number(OrderFacet.Country)} WHEN grouping(day) THEN {Number(OrderFacet.Day)}
                    ELSE {Number(OrderFacet.Currency)} END,
                coalesce(status, country, to_char(day, 'YYYY-MM-DD'), currency), currency,
                sum(orders)::bigint, sum(amount)
            FROM (
                SELECT status, country, currency, {day} AS day, count(*) AS orders, sum(total) AS amount {found}
                GROUP BY 1, 2, 3, 4
            ) AS cells
            GROUP BY GROUPING SETS ((currency), (status, currency), (country, currency), (day, currency))
            UNION ALL
            SELECT {Number(OrderFacet.Category)}, category, currency, sum(orders)::bigint, sum(amount)
            FROM (
                SELECT categories, currency, count(*) AS orders, sum(total) AS amount {found} GROUP BY 1, 2
            ) AS cells CROSS JOIN unnest(categories) AS category
            GROUP BY category, currency
            """;
    }

    private static StatisticsRow Read(NpgsqlDataReader reader) => new(
        (OrderFacet)reader.GetInt32(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3),
        reader.GetDecimal(4));

    private static int Number(OrderFacet dimension) => (int)dimension;
}
