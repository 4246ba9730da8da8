using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// A page sorted by a column. The id breaks ties, so that an order whose value does not change is not repeated or
/// skipped.
/// </summary>
internal sealed class SortedPage(OrderQuery query) : SearchPage(query)
{
    private readonly bool _isByTotal = query.Sort is OrderSort.Total;
    private readonly bool _isAscending = query.Sort is OrderSort.Oldest;

    private PagePosition? _next;

    private string Column => _isByTotal ? "total" : "placed_at";

    public override string Write(SearchConditions conditions, NpgsqlParameterCollection parameters)
    {
        var where = conditions.Write(parameters);
        if (Query.After is { } position)
            where += $" AND ({Column}, id) {(_isAscending ? '>' : '<')} {Key(position, parameters)}";

        var direction = _isAscending ? "ASC" : "DESC";
        return $"""
            SELECT document, page.id, page.key
            FROM (
                SELECT id, {Column} AS key
                FROM {PostgreSqlSchema.Summaries}
                WHERE {where}
                ORDER BY {Column} {direction}, id {direction}
                LIMIT {Limit}
            ) AS page
            JOIN {PostgreSqlSchema.Documents} AS found ON found.id = page.id
            ORDER BY page.key {direction}, page.id {direction}
            """;
    }

    public override PagePosition? Next(TotalHits total) => _next;

    public override async Task<IReadOnlyList<StoredOrder>> ReadAsync(
        NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        List<StoredOrder> orders = [];
        PagePosition? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            if (orders.Count == Query.Size)
            {
                _next = last;
                return orders;
            }

            orders.Add(reader.GetOrder(0));
            var key = _isByTotal
                ? PositionValues.Write(reader.GetInt64(2))
                : PositionValues.Write(reader.GetDateTime(2));
            last = new([key, PositionValues.Write(reader.GetGuid(1))]);
        }

        return orders;
    }

    private string Key(PagePosition position, NpgsqlParameterCollection parameters)
    {
        if (position.Values is not [var first, var id])
            throw PositionValues.Invalid();

        var key = _isByTotal
            ? parameters.AddValue(PositionValues.ReadLong(first))
            : parameters.AddValue(PositionValues.ReadTime(first));
        return $"({key}, {parameters.AddValue(PositionValues.ReadId(id))})";
    }
}
