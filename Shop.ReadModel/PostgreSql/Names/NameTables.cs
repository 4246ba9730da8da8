using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Names;

/// <summary>The definition of the tables of names, and how their roles change.</summary>
internal static class NameTables
{
    public const string Live = "order_names";
    public const string Shadow = "order_names_shadow";

    /// <summary>Held by writers in shared mode, so that tables change their roles between two writes.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(51020002)";
    public const string SharedLock = "SELECT pg_advisory_xact_lock_shared(51020002)";

    /// <summary>The comment of a live table that no rebuild has filled.</summary>
    private const string New = TableCatalog.FingerprintPrefix + "new";

    private static readonly string Fingerprint = TableCatalog.FingerprintPrefix + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{Ddl(Live)}{TextAnalyzer.Version}")))[..16];

    public static string CreateShadow =>
        $"{Lock}; DROP TABLE IF EXISTS {Shadow}; {Ddl(Shadow)} COMMENT ON TABLE {Shadow} IS '{Fingerprint}'";

    public static string CutOver => $"""
        {Lock};
        SET LOCAL lock_timeout = '2s';
        LOCK TABLE {Live} IN ACCESS EXCLUSIVE MODE;
        DROP TABLE {Live};
        ALTER TABLE {Shadow} RENAME TO {Live}
        """;

    public static async Task<IndexState> EnsureCreatedAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(Lock);
        var comment = await ExecuteAsync($"""
            SELECT coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class WHERE oid = to_regclass('{Live}')
            """) as string;
        if (comment?.StartsWith(TableCatalog.FingerprintPrefix, StringComparison.Ordinal) is false)
            throw PostgreSqlSchema.Foreign(Live);

        if (comment is null)
            await ExecuteAsync($"{Ddl(Live)} COMMENT ON TABLE {Live} IS '{New}'");
        await transaction.CommitAsync(cancellationToken);
        return comment is null ? IndexState.Created
            : comment == Fingerprint ? IndexState.Ready
            : IndexState.Outdated;

        async Task<object?> ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
    }

    // Room in each block keeps updates that change no index in the same block.
    private static string Ddl(string table) => $"""
        CREATE TABLE {table} (
            kind smallint NOT NULL,
            id text COLLATE "C" NOT NULL,
            text text NOT NULL,
            email text,
            country text,
            changed_at timestamptz NOT NULL,
            version bigint NOT NULL,
            order_id uuid NOT NULL,
            latest timestamptz NOT NULL,
            orders bigint NOT NULL,
            weight double precision NOT NULL,
            added_at timestamptz NOT NULL DEFAULT now(),
            terms tsvector NOT NULL,
            PRIMARY KEY (kind, id)
        ) WITH (fillfactor = 80);
        CREATE INDEX ON {table} (kind, weight DESC, id);
        CREATE INDEX ON {table} USING gin (terms) WITH (fastupdate = off);
        """;
}
