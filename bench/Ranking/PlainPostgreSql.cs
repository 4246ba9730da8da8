using Npgsql;
using Shop.Contracts;

namespace Shop.Bench.Ranking;

/// <summary>The control arm on PostgreSQL: the configuration "simple", all words, <c>ts_rank</c>.</summary>
internal sealed class PlainPostgreSql(NpgsqlDataSource database)
{
    public static readonly (string Name, string Expression)[] Rankings =
    [
        ("ts_rank of one text", "ts_rank(flat, query)"),
        ("ts_rank with weights for name, address and note", "ts_rank(weighted, query)"),
        ("newest first", "placed_at"),
    ];

    public async Task FillAsync(IEnumerable<OrderDocument> orders, CancellationToken cancellationToken)
    {
        await using var create = database.CreateCommand("""
            create table plain (id uuid primary key, placed_at timestamptz, keys text, names text, details text, notes text,
                flat tsvector generated always as (
                    to_tsvector('simple', keys || ' ' || names || ' ' || details || ' ' || notes)) stored,
                weighted tsvector generated always as (
                    setweight(to_tsvector('simple', keys), 'A') || setweight(to_tsvector('simple', names), 'B')
                    || setweight(to_tsvector('simple', details), 'C') || setweight(to_tsvector('simple', notes), 'D')) stored)
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy plain (id, placed_at, keys, names, details, notes) from stdin (format binary)", cancellationToken);
        foreach (var order in orders)
        {
            var text = PlainText.Of(order);
            await copy.WriteRowAsync(
                cancellationToken, order.Id, order.PlacedAt.UtcDateTime, text.Keys, text.Names, text.Details, text.Notes);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <param name="ranking">The expression that is sorted by, highest first.</param>
    public async Task<IReadOnlyList<Guid>> FindAsync(string query, string ranking)
    {
        await using var command = database.CreateCommand($"""
            select id from plain, websearch_to_tsquery('simple', $1) query where flat @@ query
            order by {ranking} desc, id limit 10
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = query });
        await using var reader = await command.ExecuteReaderAsync();
        List<Guid> found = [];
        while (await reader.ReadAsync())
            found.Add(reader.GetGuid(0));
        return found;
    }
}
