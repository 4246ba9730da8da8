using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// A page sorted by rank, then by date. Ranking reads every match, which would take seconds for a word that occurs in a
/// million orders. So about a thousand of the newest matches are ranked first; after their last page, the next older
/// ones, and so on. The position contains the bounds of the window, so new orders do not shift it.
/// </summary>
/// <param name="edge">The oldest match of a new window; null if the window has all older matches.</param>
internal sealed class RelevancePage(OrderQuery query, PageEdge? edge) : SearchPage(query)
{
    private readonly RelevancePosition _start = RelevancePosition.Read(query.After);

    private PageEdge? Bottom => _start.Last is null ? edge : _start.Bottom;

    public override string Write(SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        var where = conditions.Write(parameters);
        if (_start.Above is { } above)
            where += $" AND (placed_at, id) < {Key(above)}";
        if (Bottom is { } bottom)
            where += $" AND (placed_at, id) >= {Key(bottom)}";

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
            SELECT document, page.id, page.placed_at, rank
            FROM page JOIN {PostgreSqlSchema.Documents} AS found ON found.id = page.id
            ORDER BY rank DESC, page.placed_at DESC, page.id DESC
            """;

        string Key(PageEdge edge) => $"({parameters.AddValue(edge.PlacedAt)}, {parameters.AddValue(edge.Id)})";
    }

    public override async Task<(IReadOnlyList<StoredOrder> Orders, PagePosition? Next)> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<StoredOrder> orders = [];
        RelevancePosition? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (orders.Count == Query.Size)
                return (orders, last!.Value.Write());

            orders.Add(reader.GetOrder(0));
            last = new(_start.Above, Bottom, reader.GetFloat(3), new(reader.GetDateTime(2), reader.GetGuid(1)));
        }

        return (orders, Bottom is { } bottom ? new RelevancePosition(Above: bottom).Write() : null);
    }
}
