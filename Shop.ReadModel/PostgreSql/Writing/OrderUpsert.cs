using System.Text;
using Npgsql;
using NpgsqlTypes;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Writing;

/// <summary>Writes many documents in one statement, with an array as the parameter for each column.</summary>
internal static class OrderUpsert
{
    /// <param name="isRepair">Whether equal versions, and rows that were changed by hand, are overwritten.</param>
    /// <returns>A command whose result is an array of the ids of the written orders, or null if none was written.</returns>
    public static NpgsqlCommand Create(
        NpgsqlDataSource dataSource, OrderTables tables, IReadOnlyList<SerializedOrder> documents, bool isRepair)
    {
        var command = dataSource.CreateCommand(Sql(tables, isRepair));
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

    // Rows are written in id order, so that two writers wait for each other instead of deadlocking. The writer that has
    // locked a row of the summaries may also write the row of the document.
    private static string Sql(OrderTables tables, bool isRepair) => $"""
        WITH input AS MATERIALIZED (
            SELECT id, version, status, customer_id, country, currency, total, placed_at, skus::text[] AS skus,
                categories::text[] AS categories, search::tsvector AS search, document
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS given (
                id, version, status, customer_id, country, currency, total, placed_at, skus, categories, search,
                document)
            ORDER BY id
        ), written AS (
            INSERT INTO {tables.Summaries} AS stored (id, {string.Join(", ", tables.Columns)})
            SELECT id, {string.Join(", ", tables.Columns.Select(column => Value(tables, column)))} FROM input
            ON CONFLICT (id) DO UPDATE
            SET {string.Join(", ", tables.Columns.Select(column => $"{column} = excluded.{column}"))}
            WHERE {(isRepair ? RepairGuard(tables) : "stored.version < excluded.version")}
            RETURNING id, customer_id
        ), stored AS (
            INSERT INTO {tables.Documents} ({DocumentColumns(tables, column => column)})
            SELECT {DocumentColumns(tables, _ => OrderTables.DocumentHash("input"))} FROM input JOIN written USING (id)
            ON CONFLICT (id) DO UPDATE
            SET version = excluded.version, document = excluded.document
                {(tables.HasContentHash ? ", content_hash = excluded.content_hash" : "")}
            RETURNING id, version
        )
        SELECT array_agg(id){(tables.IsLive ? $", {VersionListener.Notify}" : "")}
        FROM stored JOIN written USING (id)
        """;

    private static string Value(OrderTables tables, string column) => column switch
    {
        OrderTables.ContentHash => tables.SummaryHash("input"),
        OrderTables.ChangedIn => "pg_current_xact_id()::text::bigint",
        _ => column,
    };

    // A version that was increased by hand must not block the correct content.
    private static string RepairGuard(OrderTables tables) => tables.HasContentHash
        ? $"stored.version <= excluded.version OR stored.content_hash <> {tables.SummaryHash("stored")}"
        : "stored.version <= excluded.version";

    private static string DocumentColumns(OrderTables tables, Func<string, string> hash) =>
        "id, version, document" + (tables.HasContentHash ? $", {hash(OrderTables.ContentHash)}" : "");

    // An array of arrays must be rectangular, so each row's array is sent as its literal.
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
