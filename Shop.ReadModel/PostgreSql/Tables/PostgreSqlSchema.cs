using System.Security.Cryptography;
using System.Text;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>
/// Creates and verifies the tables of the store. The projector creates them. Readers only verify them, for which the
/// right to read them is sufficient.
/// </summary>
internal sealed class PostgreSqlSchema(NpgsqlDataSource dataSource) : IReadStoreSchema
{
    public const string Summaries = "order_summaries";
    public const string Documents = "order_documents";
    public const string Rebuild = "order_rebuild";

    /// <summary>Takes the lock for changes of tables. The number is arbitrary, and the same in every process.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(51020001)";

    /// <summary>Increase this value when the kinds of lexemes change, so that tables with the old ones are rebuilt.</summary>
    private const int LexemesVersion = 2;

    private const string RebuildDdl = $"""
        CREATE TABLE IF NOT EXISTS {Rebuild} (
            id boolean PRIMARY KEY DEFAULT true CHECK (id),
            last text NOT NULL
        );
        """;

    private static readonly string Fingerprint = TableCatalog.FingerprintPrefix + Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(
            $"{OrderTables.Live.Ddl}{Index(OrderTables.Live)}{TextAnalyzer.Version}.{LexemesVersion}")))[..16];

    /// <summary>An SQL expression that finds a table with one of our names but without our comment.</summary>
    public static string ForeignTable { get; } = $"""
        (SELECT relname::text FROM pg_class
            WHERE oid = ANY(ARRAY[{string.Join(", ", AllSummaries.Select(ToClass))}])
                AND coalesce(obj_description(oid, 'pg_class'), '') NOT LIKE '{TableCatalog.FingerprintPrefix}%'
            LIMIT 1)
        """;

    private static OrderTables[] AllSummaries => [OrderTables.Live, OrderTables.Shadow, OrderTables.Previous];

    /// <summary>
    /// Creates tables without indexes. <see cref="OrderTableIndexes"/> adds them when the tables are filled.
    /// </summary>
    public static string CreateBare(OrderTables tables) =>
        $"{tables.Ddl} COMMENT ON TABLE {tables.Summaries} IS '{Fingerprint}';";

    public async Task<IndexState> EnsureCreatedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(Lock);
        await ExecuteAsync(PostgreSqlFreshness.Ddl);
        await ExecuteAsync(RebuildDdl);
        var catalog = await TableCatalog.ReadAsync(connection, cancellationToken);
        if (catalog.Foreign is { } foreign)
            throw Foreign(foreign);

        if (catalog.LiveColumns is null)
            await ExecuteAsync($"{CreateBare(OrderTables.Live)} {Index(OrderTables.Live)}");

        await transaction.CommitAsync(cancellationToken);
        return catalog.LiveColumns is null ? IndexState.Created
            : IsCurrent(catalog) ? IndexState.Ready
            : IndexState.Outdated;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    public Task<SchemaProblem?> FindProblemAsync(CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(FindAsync(cancellationToken));

    private async Task<SchemaProblem?> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
            var catalog = await TableCatalog.ReadAsync(connection, cancellationToken);
            return catalog.Foreign is { } foreign ? new(Foreign(foreign).Message)
                : catalog.LiveColumns is null ? Missing(Summaries)
                : IsCurrent(catalog) ? null
                : new(
                    $"The table {Summaries} has another version's definition. Start a projector of this version, which "
                        + "replaces it.",
                    CanServe: true);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return Missing(Rebuild);
        }
    }

    public static ReadStoreUnavailableException Foreign(string table) => new(
        $"There is a table {table} that Shop did not create. Rename or drop it, or give Shop another database.");

    private static SchemaProblem Missing(string table) =>
        new($"The table {table} does not exist. Start a projector, which creates it.");

    private static bool IsCurrent(TableCatalog catalog) =>
        catalog.Fingerprint == Fingerprint && OrderTables.AreColumns(catalog.LiveColumns!);

    private static string ToClass(OrderTables tables) => $"to_regclass('{tables.Summaries}')::oid";

    private static string Index(OrderTables tables) =>
        string.Concat(tables.Indexes.Select(index => $"CREATE INDEX {index};"));
}
