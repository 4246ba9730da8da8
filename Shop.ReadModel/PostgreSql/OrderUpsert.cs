using System.Text;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;

namespace Shop.ReadModel.PostgreSql;

/// <summary>Many documents in one statement: a column of the table is an array of the command.</summary>
internal static class OrderUpsert
{
    public const string IfNewer = "<";
    public const string UnlessOlder = "<=";

    /// <returns>A command that answers with an array of the ids of the orders it wrote; null where there are none.</returns>
    public static NpgsqlCommand Create(
        NpgsqlDataSource dataSource, OrderTables tables, IReadOnlyList<SerializedOrder> documents, string guard)
    {
        var command = dataSource.CreateCommand(Sql(tables, guard));
        Add(NpgsqlDbType.Uuid, document => document.Id);
        Add(NpgsqlDbType.Bigint, document => document.Version);
        Add(NpgsqlDbType.Text, document => document.Status);
        Add(NpgsqlDbType.Uuid, document => document.Customer.Id);
        Add(NpgsqlDbType.Text, document => document.ShippingAddress.Country);
        Add(NpgsqlDbType.Text, document => document.Total.Currency);
        Add(NpgsqlDbType.Bigint, document => document.Total.Amount);
        Add(NpgsqlDbType.TimestampTz, document => document.PlacedAt.UtcDateTime);
        Add(NpgsqlDbType.Text, document => ArrayLiteral(document.Lines.Select(line => line.Sku)));
        Add(NpgsqlDbType.Text, document => ArrayLiteral(document.Lines.Select(line => line.Category)));
        Add(NpgsqlDbType.Text, SearchVector.Of);
        AddColumn(NpgsqlDbType.Json, document => document.Json.ToArray());
        return command;

        void Add<T>(NpgsqlDbType type, Func<OrderDocument, T> column) =>
            AddColumn(type, order => column(order.Document));

        void AddColumn<T>(NpgsqlDbType type, Func<SerializedOrder, T> column) => command.Parameters.Add(new NpgsqlParameter
        {
            Value = documents.Select(column).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
    }

    // Rows are taken in the order of their ids, so that two writers wait for each other instead of deadlocking; whoever
    // has the row of the summary has that of the document.
    private static string Sql(OrderTables tables, string guard) => $"""
        WITH input AS MATERIALIZED (
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS given (
                id, version, status, customer_id, country, currency, total, placed_at, skus, categories, search,
                document)
            ORDER BY id
        ), written AS (
            INSERT INTO {tables.Summaries} AS stored (id, {string.Join(", ", tables.Columns)})
            SELECT id, {string.Join(", ", tables.Columns.Select(Given))} FROM input
            ON CONFLICT (id) DO UPDATE
            SET {string.Join(", ", tables.Columns.Select(column => $"{column} = excluded.{column}"))}
            WHERE stored.version {guard} excluded.version
            RETURNING id
        ), stored AS (
            INSERT INTO {tables.Documents} (id, version, document)
            SELECT id, version, document FROM input JOIN written USING (id)
            ON CONFLICT (id) DO UPDATE SET version = excluded.version, document = excluded.document
            RETURNING id, version
        )
        SELECT array_agg(id){(tables.IsLive ? $", {VersionListener.Notify}" : "")} FROM stored
        """;

    private static string Given(string column) => column switch
    {
        "skus" or "categories" => $"{column}::text[]",
        "search" => "search::tsvector",
        _ => column,
    };

    // An array of arrays would have to be rectangular, so each row's array travels as its literal.
    private static string ArrayLiteral(IEnumerable<string> values)
    {
        var literal = new StringBuilder("{");
        foreach (var value in values.Distinct())
        {
            if (literal.Length > 1)
                literal.Append(',');

            var escaped = value
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal);
            literal.Append('"').Append(escaped).Append('"');
        }

        return literal.Append('}').ToString();
    }
}
