using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// A page sorted by rank, then by date. Ranking reads every match, which would take seconds for a word that occurs in a
/// million orders. So the newest <see cref="Window"/> matches are ranked first; after their last page, the next older
/// ones, and so on. The position contains the bounds of the window, so new orders do not shift it.
/// </summary>
internal sealed class RelevancePage(OrderQuery query) : SearchPage(query)
{
    private const int Window = 1000;

    private readonly RelevancePosition _start = RelevancePosition.Read(query.After);

    public override string Write(SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        var where = conditions.Write(parameters);
        if (_start.Above is { } above)
            where += $" AND (placed_at, id) < {Key(above)}";
        if (_start.Bottom is { } bottom)
            where += $" AND (placed_at, id) >= {Key(bottom)}";

        var after = _start.Last is { } last
            ? $"(rank, placed_at, id) < ({parameters.AddValue(_start.Rank)}, {Key(last)[1..]}"
            : "TRUE";
        var rank = parameters.AddValue(WordsQuery.Ranking(Query.Text)!);
        return $"""
            WITH matches AS MATERIALIZED (
                SELECT id, placed_at, ts_rank(search, {rank}::tsquery) AS rank
                FROM {PostgreSqlSchema.Summaries}
                WHERE {where}
                ORDER BY placed_at DESC, id DESC
                {(_start.Bottom is null ? $"LIMIT {Window}" : "")}
            ), page AS (
                SELECT * FROM matches WHERE {after} ORDER BY rank DESC, placed_at DESC, id DESC LIMIT {Limit}
            ), oldest AS (
                SELECT placed_at, id FROM matches ORDER BY placed_at, id LIMIT 1
            )
            SELECT document, page.id, page.placed_at, rank, oldest.placed_at, oldest.id, (SELECT count(*) FROM matches)
            FROM oldest LEFT JOIN (page JOIN {PostgreSqlSchema.Documents} AS found ON found.id = page.id) ON TRUE
            ORDER BY rank DESC, page.placed_at DESC, page.id DESC
            """;

        string Key(PageEdge edge) => $"({parameters.AddValue(edge.PlacedAt)}, {parameters.AddValue(edge.Id)})";
    }

    public override async Task<(IReadOnlyList<StoredOrder> Orders, PagePosition? Next)> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<StoredOrder> orders = [];
        RelevancePosition? nextWindow = null;
        RelevancePosition? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var bottom = _start.Bottom;
            if (bottom is null && reader.GetInt64(6) == Window)
                bottom = new(reader.GetDateTime(4), reader.GetGuid(5));

            if (bottom is { } edge)
                nextWindow = new(Above: edge);

            if (await reader.IsDBNullAsync(1, cancellationToken))
                break;

            if (orders.Count == Query.Size)
                return (orders, last!.Value.Write());

            orders.Add(reader.GetOrder(0));
            last = new(_start.Above, bottom, reader.GetFloat(3), new(reader.GetDateTime(2), reader.GetGuid(1)));
        }

        return (orders, nextWindow?.Write());
    }
}
