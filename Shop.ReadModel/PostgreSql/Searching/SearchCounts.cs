using Npgsql;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>Counts the orders that a search finds: all of them up to a limit, and by facet value.</summary>
internal static class SearchCounts
{
    private const int CountedAtMost = 10_000;
    private const int MaxFacetValues = 100;

    /// <summary>Npgsql stores the minimum and maximum of DateTime as infinities, which have no day.</summary>
    public const string BoundedPlacedAt = "greatest(least(placed_at, '9999-12-31Z'), '0001-01-01Z')";

    public static string Total(SearchConditions conditions, NpgsqlParameterCollection parameters) =>
        $"""
        SELECT count(*) FROM (
            SELECT FROM {PostgreSqlSchema.Summaries} WHERE {conditions.Write(parameters)} LIMIT {CountedAtMost + 1}
        ) AS found
        """;

    public static string Of(OrderFacet facet, SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        if (facet is OrderFacet.Day)
            return Days(conditions, parameters);
        if (facet is OrderFacet.Total)
            return TotalRanges(conditions, parameters);

        var (value, join) = facet switch
        {
            OrderFacet.Status => ("status", ""),
            OrderFacet.Country => ("country", ""),
            OrderFacet.Currency => ("currency", ""),
            OrderFacet.Customer => ("customer_id::text", ""),
            OrderFacet.Category => ("value", "CROSS JOIN unnest(categories) AS value"),
            OrderFacet.Sku => ("value", "CROSS JOIN unnest(skus) AS value"),
            _ => throw new ArgumentOutOfRangeException(nameof(facet), facet, "Unknown facet."),
        };
        return $"""
            SELECT {value} COLLATE "C", count(*)
            FROM {PostgreSqlSchema.Summaries} {join}
            WHERE {conditions.Write(parameters, ignored: facet)}
            GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MaxFacetValues}
            """;
    }

    private static string Days(SearchConditions conditions, NpgsqlParameterCollection parameters) =>
        $"""
        SELECT to_char(day, 'YYYY-MM-DD'), count(*)
        FROM (
            SELECT ({BoundedPlacedAt} AT TIME ZONE 'UTC')::date AS day
            FROM {PostgreSqlSchema.Summaries}
            WHERE {conditions.Write(parameters)}
        ) AS days
        GROUP BY day ORDER BY day
        """;

    private static string TotalRanges(SearchConditions conditions, NpgsqlParameterCollection parameters) =>
        $"""
        SELECT (ARRAY[{string.Join(", ", TotalRange.All.Select(range => $"'{range.Name}'"))}])[range], count(*)
        FROM (
            SELECT width_bucket(total, ARRAY[{string.Join(", ", TotalRange.All.Select(range => $"{range.From}::bigint"))}]) AS range
            FROM {PostgreSqlSchema.Summaries}
            WHERE {conditions.Write(parameters, ignored: OrderFacet.Total)}
        ) AS totals
        GROUP BY range ORDER BY range
        """;

    public static async Task<TotalHits> ReadTotalAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var count = reader.GetInt64(0);
        return new(Math.Min(count, CountedAtMost), IsLowerBound: count > CountedAtMost);
    }

    public static async Task<IReadOnlyList<FacetValue>> ReadFacetAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<FacetValue> values = [];
        while (await reader.ReadAsync(cancellationToken))
            values.Add(new(reader.GetString(0), reader.GetInt64(1)));

        return values;
    }
}
