using System.Text;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Shop.ReadModel.PostgreSql;

/// <summary>Many documents in one statement: a column of the table is an array of the command.</summary>
internal static class OrderUpsert
{
    public const string IfNewer = "stored.version < excluded.version";
    public const string UnlessOlder = "stored.version <= excluded.version";

    // Rows are taken in the order of their ids, so that two writers wait for each other instead of deadlocking.
    private const string Sql = $$"""
        INSERT INTO {{PostgreSqlSchema.Summaries}} AS stored (
            id, version, status, customer_id, country, currency, total, placed_at, skus, categories, search, document)
        SELECT id, version, status, customer_id, country, currency, total, placed_at,
            skus::text[], categories::text[], search::tsvector, document
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS t (
            id, version, status, customer_id, country, currency, total, placed_at, skus, categories, search, document)
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET
            version = excluded.version, status = excluded.status, customer_id = excluded.customer_id,
            country = excluded.country, currency = excluded.currency, total = excluded.total,
            placed_at = excluded.placed_at, skus = excluded.skus, categories = excluded.categories,
            search = excluded.search, document = excluded.document
        WHERE
        """;

    /// <returns>A command that answers with the ids of the orders it wrote.</returns>
    public static NpgsqlCommand Create(
        NpgsqlDataSource dataSource, IReadOnlyList<OrderDocument> documents, string guard)
    {
        var command = dataSource.CreateCommand($"{Sql} {guard} RETURNING id");
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
        Add(NpgsqlDbType.Json, document =>
            JsonSerializer.SerializeToUtf8Bytes(document, ReadModelJson.Default.OrderDocument));
        return command;

        void Add<T>(NpgsqlDbType type, Func<OrderDocument, T> column) => command.Parameters.Add(new NpgsqlParameter
        {
            Value = documents.Select(column).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | type,
        });
    }

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
