using System.Globalization;
using Npgsql;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>Counts the orders that a search finds by the values of some facets, in one pass over them.</summary>
/// <param name="facets">Facets that ignore the same filter.</param>
/// <param name="ignored">The facet whose own filter is left out.</param>
/// <param name="sample">The level of the sample that is counted; 0 for all orders.</param>
internal sealed class FacetCounts(IReadOnlyList<OrderFacet> facets, OrderFacet? ignored, int sample)
{
    private const int MaxValues = 100;
    private const int Total = -1;

    private static readonly string Starts = string.Join(", ", TotalRange.All.Select(range => range.From));

    public IReadOnlyList<OrderFacet> Facets => facets;

    public bool IsEstimate => sample > 0;

    /// <summary>Whether every order that the search finds is counted. Then reading finds the <see cref="Matches"/>.</summary>
    public bool IsTotal => ignored is null && !IsEstimate;

    /// <summary>The number of all orders that the search finds.</summary>
    public long Matches { get; private set; }

    public string Write(SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        var columns = string.Join(", ", facets.Select(Column));
        var facet = string.Concat(facets.Select(facet => $"WHEN grouping({Column(facet)}) THEN {(int)facet} "));
        // Orders with the same products are one group, whose products are counted afterwards.
        return $"""
            WITH groups AS (
                SELECT CASE 0 {facet}END AS facet, {columns}, count(*) AS count
                FROM (
                    SELECT {string.Join(", ", facets.Select(Value))} FROM {PostgreSqlSchema.Summaries}
                    WHERE {conditions.Write(parameters, ignored, sample)}
                ) AS found
                GROUP BY GROUPING SETS ((), {string.Join(", ", facets.Select(facet => $"({Column(facet)})"))})
            ), counts AS (
                SELECT {Total} AS facet, '' AS value, count FROM groups WHERE facet IS NULL
                UNION ALL {string.Join(" UNION ALL ", facets.Select(Count))}
            )
            SELECT facet, value, count FROM (
                SELECT *, row_number() OVER (PARTITION BY facet ORDER BY count DESC, value COLLATE "C") AS place
                FROM counts
            ) AS placed
            WHERE place <= {MaxValues} OR facet = {(int)OrderFacet.Day}
            ORDER BY facet, place
            """;
    }

    public async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<OrderFacet, IReadOnlyList<FacetValue>> into,
        CancellationToken cancellationToken)
    {
        var values = facets.ToDictionary(facet => facet, _ => new List<FacetValue>());
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetInt32(0) == Total)
            {
                Matches = reader.GetInt64(2);
                continue;
            }

            var (facet, value) = ((OrderFacet)reader.GetInt32(0), reader.GetString(1));
            if (facet is OrderFacet.Total)
                value = TotalRange.All[int.Parse(value, CultureInfo.InvariantCulture) - 1].Name;
            values[facet].Add(new(value, reader.GetInt64(2) << sample));
        }

        foreach (var (facet, found) in values)
        {
            into[facet] = facet switch
            {
                OrderFacet.Day => [.. found.OrderBy(day => day.Value, StringComparer.Ordinal)],
                OrderFacet.Total =>
                    [.. TotalRange.All.SelectMany(range => found.Where(value => value.Value == range.Name))],
                _ => found,
            };
        }
    }

    private static string Count(OrderFacet facet)
    {
        var column = Column(facet);
        var from = $"FROM groups WHERE facet = {(int)facet}";
        return facet switch
        {
            OrderFacet.Category or OrderFacet.Sku => $"""
                SELECT facet, value, sum(count)::bigint AS count FROM groups CROSS JOIN unnest({column}) AS value
                WHERE facet = {(int)facet} GROUP BY 1, 2
                """,
            OrderFacet.Day => $"SELECT facet, to_char({column}, 'YYYY-MM-DD') AS value, count {from}",
            _ => $"SELECT facet, {column}::text AS value, count {from}",
        };
    }

    private static string Value(OrderFacet facet) => facet switch
    {
        OrderFacet.Day => $"({SearchCounts.BoundedPlacedAt} AT TIME ZONE 'UTC')::date AS day",
        OrderFacet.Total => $"width_bucket(total, ARRAY[{Starts}]::bigint[]) AS range",
        _ => Column(facet),
    };

    private static string Column(OrderFacet facet) => facet switch
    {
        OrderFacet.Status => "status",
        OrderFacet.Country => "country",
        OrderFacet.Currency => "currency",
        OrderFacet.Customer => "customer_id",
        OrderFacet.Category => "categories",
        OrderFacet.Sku => "skus",
        OrderFacet.Day => "day",
        OrderFacet.Total => "range",
        _ => throw new ArgumentOutOfRangeException(nameof(facet), facet, "Unknown facet."),
    };
}
