using Npgsql;
using Shop.Contracts;

namespace Shop.Bench.Ranking;

/// <summary>The control arm on PostgreSQL: the configuration "simple", all words, <c>ts_rank</c>.</summary>
internal sealed class PlainPostgreSql(NpgsqlDataSource database)
{
    public async Task FillAsync(IEnumerable<OrderDocument> orders, CancellationToken cancellationToken)
    {
        await using var create = database.CreateCommand("""
            create table plain (id uuid primary key, keys text, names text, details text, notes text,
                flat tsvector generated always as (
                    to_tsvector('simple', keys || ' ' || names || ' ' || details || ' ' || notes)) stored,
                weighted tsvector generated always as (
                    setweight(to_tsvector('simple', keys), 'A') || setweight(to_tsvector('simple', names), 'B')
                    || setweight(to_tsvector('simple', details), 'C') || setweight(to_tsvector('simple', notes), 'D')) stored)
            """);
        await create.ExecuteNonQueryAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy plain (id, keys, names, details, notes) from stdin (format binary)", cancellationToken);
        foreach (var order in orders)
        {
            var text = PlainText.Of(order);
            await copy.WriteRowAsync(cancellationToken, order.Id, text.Keys, text.Names, text.Details, text.Notes);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Guid>> FindAsync(string query, bool isWeighted)
    {
        var vector = isWeighted ? "weighted" : "flat";
        await using var command = database.CreateCommand($"""
            select id from plain, websearch_to_tsquery('simple', $1) query where {vector} @@ query
            order by ts_rank({vector}, query) desc, id limit 10
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = query });
        await using var reader = await command.ExecuteReaderAsync();
        List<Guid> found = [];
        while (await reader.ReadAsync())
            found.Add(reader.GetGuid(0));
        return found;
    }
}
