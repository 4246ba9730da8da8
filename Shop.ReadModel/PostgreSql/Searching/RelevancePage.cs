using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// A page sorted by rank, then by date. Ranking reads every match, which would take seconds for a word that occurs in a
/// million orders. So about a thousand of the newest matches are ranked first; after their last page, the next older
/// ones, and so on. The position contains the bounds of the window, so new orders do not shift it.
/// </summary>
/// <param name="estimate">Its edge is the oldest match of a new window, which has all older matches if that is null.</param>
internal sealed class RelevancePage(OrderQuery query, SearchEstimate estimate) : SearchPage(query)
{
    private readonly RelevancePosition _start = RelevancePosition.Read(query.After);
    private RelevancePosition? _next;

    public override bool IsCounted => Bottom is null && _start.Above is null;

    private PageEdge? Bottom => _start.Last is null ? estimate.Edge : _start.Bottom;

    public override string Write(SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        var dates = Bottom is { } oldest
            ? Lexemes.Within(oldest.PlacedAt, _start.Above?.PlacedAt ?? estimate.Newest)
            : null;
        var where = dates is null ? conditions.Write(parameters) : conditions.WriteWithin(dates, parameters);
        // Beside the dates, reading the index of times would cost more than it saves. NOT keeps it from being used.
        if (_start.Above is { } above)
            where += dates is null ? $" AND (placed_at, id) < {Key(above)}" : $" AND NOT (placed_at, id) >= {Key(above)}";
        if (Bottom is { } bottom)
            where += dates is null ? $" AND (placed_at, id) >= {Key(bottom)}" : $" AND NOT (placed_at, id) < {Key(bottom)}";

        var after = _start.Last is { } last
            ? $"WHERE (rank, placed_at, id) < ({parameters.AddValue(_start.Rank)}, {Key(last)[1..]}"
            : "";
        return $"""
            WITH matches AS MATERIALIZED (
                SELECT id, placed_at, {RelevanceRank.Write(Query.Text, "search", parameters)} AS rank
                FROM {PostgreSqlSchema.Summaries}
                WHERE {where}
            ), page AS (
                SELECT * FROM matches {after} ORDER BY rank DESC, placed_at DESC, id DESC LIMIT {Limit}
            )
            SELECT document, page.id, page.placed_at, rank, matches
            FROM (SELECT count(*) AS matches FROM matches) AS counted
            LEFT JOIN (page JOIN {PostgreSqlSchema.Documents} AS found ON found.id = page.id) ON TRUE
            ORDER BY rank DESC, page.placed_at DESC, page.id DESC
            """;

        string Key(PageEdge edge) => $"({parameters.AddValue(edge.PlacedAt)}, {parameters.AddValue(edge.Id)})";
    }

    public override PagePosition? Next(TotalHits total) => _next is { } next ? (next with { Total = total }).Write() : null;

    public override async Task<IReadOnlyList<StoredOrder>> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<StoredOrder> orders = [];
        RelevancePosition last = default;
        while (await reader.ReadAsync(cancellationToken))
        {
            Matches = reader.GetInt64(4);
            if (await reader.IsDBNullAsync(0, cancellationToken))
                break;

            if (orders.Count == Query.Size)
            {
                _next = last;
                return orders;
            }

            orders.Add(reader.GetOrder(0));
            last = new(_start.Above, Bottom, reader.GetFloat(3), new(reader.GetDateTime(2), reader.GetGuid(1)));
        }

        _next = Bottom is { } bottom ? new(Above: bottom) : null;
        return orders;
    }
}
