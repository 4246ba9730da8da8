using System.Text;
using Npgsql;
using NpgsqlTypes;
using Shop.ReadModel.Names;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Names;

/// <summary>Statements that write names, with an array as the parameter for each column.</summary>
internal static class NameStatements
{
    private const int FewProducts = 10;

    private static readonly string[] Written = ["text", "email", "country", "changed_at", "version", "order_id", "terms"];

    public static NpgsqlBatchCommand Apply(string table, IReadOnlyList<NameEntry> names)
    {
        var command = new NpgsqlBatchCommand(ApplySql(table));
        Add(NpgsqlDbType.Smallint, name => (short)name.Key.Kind);
        Add(NpgsqlDbType.Text, name => name.Key.Id);
        Add(NpgsqlDbType.Text, name => name.Text);
        Add(NpgsqlDbType.Text, name => name.Email);
        Add(NpgsqlDbType.Text, name => name.Country);
        Add(NpgsqlDbType.TimestampTz, name => name.ChangedAt.UtcDateTime);
        Add(NpgsqlDbType.Bigint, name => name.Version);
        Add(NpgsqlDbType.Uuid, name => name.OrderId);
        Add(NpgsqlDbType.Text, name => Vector(name.Terms));
        Add(NpgsqlDbType.TimestampTz, name => name.LatestOrderAt.UtcDateTime);
        return command;

        void Add<T>(NpgsqlDbType type, Func<NameEntry, T> column) =>
            command.Parameters.Add(Array(type, names.Select(column)));
    }

    public static NpgsqlBatchCommand Count(
        string table, IReadOnlyCollection<NameKey> names, DateTimeOffset addedBefore)
    {
        var customers = names.Where(name => name.Kind == NameKind.Customer).Select(name => Guid.Parse(name.Id));
        string[] products = [.. names.Where(name => name.Kind == NameKind.Product).Select(name => name.Id)];
        var command = new NpgsqlBatchCommand(CountSql(table, isSelective: products.Length <= FewProducts));
        command.Parameters.Add(Array(NpgsqlDbType.Smallint, names.Select(name => (short)name.Kind)));
        command.Parameters.Add(Array(NpgsqlDbType.Text, names.Select(name => name.Id)));
        command.Parameters.Add(Array(NpgsqlDbType.Uuid, customers));
        command.Parameters.Add(Array(NpgsqlDbType.Text, products));
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = addedBefore.UtcDateTime });
        return command;
    }

    public static string Missing => $"""
        (SELECT {Kind(NameKind.Customer)}, customer_id::text
            FROM (SELECT DISTINCT customer_id FROM {PostgreSqlSchema.Summaries}) AS ordered
            WHERE NOT EXISTS (SELECT FROM {NameTables.Live}
                WHERE kind = {Kind(NameKind.Customer)} AND id = customer_id::text)
            LIMIT $1)
        UNION ALL
        (SELECT {Kind(NameKind.Product)}, sku
            FROM (SELECT DISTINCT unnest(skus) AS sku FROM {PostgreSqlSchema.Summaries}) AS ordered
            WHERE NOT EXISTS (SELECT FROM {NameTables.Live} WHERE kind = {Kind(NameKind.Product)} AND id = sku)
            LIMIT $1)
        """;

    public static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    // Rows are written in the order of their keys, so that two writers wait for each other instead of deadlocking.
    private static string ApplySql(string table)
    {
        var isNewer = $"({Row("excluded", "changed_at", "version", "order_id")}) "
            + $">= ({Row("stored", "changed_at", "version", "order_id")})";
        return $"""
            INSERT INTO {table} AS stored (kind, id, {string.Join(", ", Written)}, latest, orders, weight)
            SELECT kind, id, text, email, country, changed_at, version, order_id, terms::tsvector, latest, 1,
                {Weight("1", "latest")}
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS given (
                kind, id, text, email, country, changed_at, version, order_id, terms, latest)
            ORDER BY kind, id
            ON CONFLICT (kind, id) DO UPDATE SET
                {string.Join(", ", Written.Select(column =>
                    $"{column} = CASE WHEN {isNewer} THEN excluded.{column} ELSE stored.{column} END"))},
                latest = greatest(stored.latest, excluded.latest)
            WHERE excluded.latest > stored.latest
                OR ({isNewer} AND ({Row("excluded", Written)}) IS DISTINCT FROM ({Row("stored", Written)}))
            """;
    }

    // skus has each SKU of an order once. Of many products, nearly all orders have one: the index would not help, and
    // comparing arrays takes longer than a hash join.
    private static string CountSql(string table, bool isSelective) => $"""
        WITH given AS (
            SELECT * FROM unnest($1, $2) AS given (kind, id)
        ), counted AS MATERIALIZED (
            SELECT kind, id, orders, latest, {Weight("orders", "latest")} AS weight FROM (
                SELECT {Kind(NameKind.Customer)} AS kind, customer_id::text AS id, count(*) AS orders,
                    max(placed_at) AS latest
                FROM {PostgreSqlSchema.Summaries} WHERE customer_id = ANY($3) GROUP BY customer_id
                UNION ALL
                SELECT {Kind(NameKind.Product)}, sku, count(*), max(placed_at)
                FROM {PostgreSqlSchema.Summaries}, unnest(skus) AS sku JOIN unnest($4) AS wanted (sku) USING (sku)
                WHERE {(isSelective ? "skus && $4" : "cardinality($4) > 0")} GROUP BY sku
            ) AS both_kinds
        ), corrected AS (
            UPDATE {table} AS stored
            SET orders = counted.orders, latest = counted.latest, weight = counted.weight
            FROM counted
            WHERE stored.kind = counted.kind AND stored.id = counted.id
                AND ({Row("stored", "orders", "latest", "weight")})
                    IS DISTINCT FROM ({Row("counted", "orders", "latest", "weight")})
            RETURNING 1
        ), removed AS (
            DELETE FROM {table} AS stored USING given
            WHERE stored.kind = given.kind AND stored.id = given.id AND stored.added_at < $5
                AND NOT EXISTS (SELECT FROM counted WHERE counted.kind = given.kind AND counted.id = given.id)
            RETURNING 1
        )
        SELECT (SELECT count(*) FROM corrected) + (SELECT count(*) FROM removed)
        """;

    /// <summary>The same as <see cref="NameWeight.Of"/>.</summary>
    private static string Weight(string orders, string latest) =>
        $"ln(greatest({orders}, 1)::double precision) "
        + $"+ floor(extract(epoch FROM least({latest}, now())))::double precision / {NameWeight.Seconds}";

    private static string Kind(NameKind kind) => $"{(short)kind}::smallint";

    private static string Row(string name, params string[] columns) =>
        string.Join(", ", columns.Select(column => $"{name}.{column}"));

    private static string Vector(IEnumerable<string> terms) =>
        terms.Aggregate(new StringBuilder(), (vector, term) => vector.AppendLexeme(term).Append(' ')).ToString();
}
