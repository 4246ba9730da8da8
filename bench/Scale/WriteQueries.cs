using Npgsql;

namespace Shop.Bench.Scale;

/// <summary>The control arm's queries on the tables of the write database.</summary>
internal static class WriteQueries
{
    /// <summary>At most this many hits of a word are ranked, as a careful developer would limit it.</summary>
    private const int Ranked = 10_000;

    public const string ById = """
        select o.*, (select json_agg(l.* order by l.position) from order_lines l where l.order_id = o.id)
        from orders o where o.id = $1::uuid
        """;

    public static readonly string Newest = Page("select id, 0 as rank from orders order by placed_at desc, id desc limit 20");

    public const string Suggestions = """
        (select 'customer', name, id::text from customers where name ilike '%' || $1 || '%' order by similarity(name, $1) desc limit 5)
        union all
        (select 'product', name, sku from products where name ilike '%' || $1 || '%' order by similarity(name, $1) desc limit 5)
        """;

    public const string Statistics = """
        with found as materialized (select id, status, country, currency, total, (placed_at at time zone 'UTC')::date as day from orders)
        select coalesce(status, country, day::text, currency), currency, count(*), sum(total) from found
        group by grouping sets ((currency), (status, currency), (country, currency), (day, currency))
        union all
        select category, currency, count(*), sum(total) from found
        join (select distinct order_id, category from order_lines) l on l.order_id = found.id group by 1, 2
        """;

    /// <summary>$1 is a tsquery.</summary>
    public static string Word(int skip = 0) => Page($"""
        select id, sum(rank) as rank from ({Hits("$1", Ranked)}) h group by id order by 2 desc, id desc limit 20 offset {skip}
        """);

    /// <summary>$1 and $2 are tsqueries.</summary>
    public static readonly string TwoWords = Page($"""
        select id, a.rank + b.rank as rank from (select id, sum(rank) as rank from ({Hits("$1")}) h group by id) a
        join (select id, sum(rank) as rank from ({Hits("$2")}) h group by id) b using (id) order by 2 desc, id desc limit 20
        """);

    public static readonly string WordWithFacets = $"{Word()}; {Facets($"select distinct id from ({Hits("$1")}) h")}";

    public static readonly string AllFacets = $"{Newest}; {Facets("select id from orders", isAll: true)}";

    private const string Filtered =
        "select id from orders where country = 'DE' and id in (select order_id from order_lines where category = 'Kitchen')";

    public static readonly string FilterFacetsAndSort =
        $"{Page($"select id, total as rank from orders where id in ({Filtered}) order by total desc, id desc limit 20")}; {Facets(Filtered)}";

    public static async Task RunAsync(NpgsqlDataSource database, string sql, params string[] parameters)
    {
        await using var batch = database.CreateBatch();
        batch.Timeout = 60;
        foreach (var statement in sql.Split("; "))
        {
            var command = new NpgsqlBatchCommand(statement);
            foreach (var parameter in parameters.Take(statement.Contains("$2", StringComparison.Ordinal) ? 2 : statement.Contains("$1", StringComparison.Ordinal) ? 1 : 0))
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
                reader.GetValue(0);
        }
        while (await reader.NextResultAsync());
    }

    private static string Hits(string query, int? limit = null)
    {
        var bound = limit is { } most ? $" limit {most}" : "";
        return $"""
            (select id, ts_rank(search, to_tsquery('simple', {query})) as rank from orders where search @@ to_tsquery('simple', {query}){bound})
            union all
            (select order_id, ts_rank(search, to_tsquery('simple', {query})) from order_lines where search @@ to_tsquery('simple', {query}){bound})
            """;
    }

    private static string Page(string ids) => $"""
        with page as materialized ({ids})
        select o.*, (select json_agg(l.* order by l.position) from order_lines l where l.order_id = o.id)
        from page join orders o using (id) order by rank desc, placed_at desc, id desc
        """;

    private static string Facets(string ids, bool isAll = false)
    {
        var found = isAll ? "orders" : "orders join found using (id)";
        return $"""
            with found as materialized ({ids}), facts as materialized (
                select orders.id, status, country, currency, (placed_at at time zone 'UTC')::date as day, width_bucket(total, array[0, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 200000, 500000, 1000000]::bigint[]) as range
                from {found})
            select coalesce(status, country{(isAll ? ", currency, day::text, range::text" : "")}), count(*)
            from facts group by grouping sets ((status), (country){(isAll ? ", (currency), (day), (range)" : "")})
            union all
            select category, count(distinct order_id) from order_lines {(isAll ? "" : "join facts on facts.id = order_id")} group by 1
            """;
    }
}
