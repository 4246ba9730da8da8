using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The tables of the store, created by whichever service comes first.</summary>
internal static class PostgreSqlSchema
{
    public const string Summaries = "order_summaries";
    public const string Documents = "order_documents";
    public const string Freshness = "order_freshness";

    /// <summary>Any number, the same in every service.</summary>
    private const long CreationLock = 5_102_0001;

    // Documents are read for the few orders of a page only: apart from what is searched, of which many rows then fit in
    // a block, so that counting a hundred thousand matches touches few of them.
    private const string Ddl = $"""
        CREATE TABLE {Summaries} (
            id uuid PRIMARY KEY,
            version bigint NOT NULL,
            status text NOT NULL,
            customer_id uuid NOT NULL,
            country text NOT NULL,
            currency text NOT NULL,
            total bigint NOT NULL,
            placed_at timestamptz NOT NULL,
            skus text[] NOT NULL,
            categories text[] NOT NULL,
            search tsvector NOT NULL
        );
        CREATE INDEX ON {Summaries} USING gin (search, skus, categories);
        CREATE INDEX ON {Summaries} (placed_at, id);
        CREATE INDEX ON {Summaries} (total, id);
        CREATE INDEX ON {Summaries} (customer_id);
        CREATE INDEX ON {Summaries} (country);
        CREATE INDEX ON {Summaries} (status);
        CREATE TABLE {Documents} (
            id uuid PRIMARY KEY,
            version bigint NOT NULL,
            document json NOT NULL
        );
        """;

    private const string FreshnessDdl = $"""
        CREATE TABLE IF NOT EXISTS {Freshness} (
            partition integer PRIMARY KEY,
            as_of timestamptz NOT NULL
        )
        """;

    private static readonly string Fingerprint =
        "shop:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Ddl)))[..16];

    /// <exception cref="InvalidOperationException">The tables are there, but of another version of Shop.</exception>
    public static async Task<IndexState> EnsureCreatedAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync($"SELECT pg_advisory_xact_lock({CreationLock})");

        await ExecuteAsync(FreshnessDdl);
        var isThere = await IsThereAsync(connection, cancellationToken);
        if (!isThere)
        {
            await ExecuteAsync(Ddl);
            await ExecuteAsync($"COMMENT ON TABLE {Summaries} IS '{Fingerprint}'");
        }

        await transaction.CommitAsync(cancellationToken);
        return isThere ? IndexState.Ready : IndexState.Created;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT obj_description(name, 'pg_class') FROM to_regclass('{Summaries}') AS name WHERE name IS NOT NULL",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return false;

        var found = await reader.IsDBNullAsync(0, cancellationToken) ? null : reader.GetString(0);
        return found == Fingerprint
            ? true
            : throw new InvalidOperationException(
                $"The table {Summaries} is of another version of Shop ('{found}', this one has '{Fingerprint}').");
    }
}
