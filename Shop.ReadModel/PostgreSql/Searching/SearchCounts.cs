using Npgsql;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>Counts the orders that a search finds up to a limit.</summary>
internal static class SearchCounts
{
    public const int CountedAtMost = 10_000;

    /// <summary>Npgsql stores the minimum and maximum of DateTime as infinities, which have no day.</summary>
    public const string BoundedPlacedAt = "greatest(least(placed_at, '9999-12-31Z'), '0001-01-01Z')";

    public static string Total(SearchConditions conditions, NpgsqlParameterCollection parameters) =>
        $"""
        SELECT count(*) FROM (
            SELECT FROM {PostgreSqlSchema.Summaries} WHERE {conditions.Write(parameters)} LIMIT {CountedAtMost + 1}
        ) AS found
        """;

    public static async Task<TotalHits> ReadTotalAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        return Total(reader.GetInt64(0));
    }

    public static TotalHits Total(long count) =>
        new(Math.Min(count, CountedAtMost), IsLowerBound: count > CountedAtMost);
}
