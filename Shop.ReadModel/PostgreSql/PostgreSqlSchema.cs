using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>The tables of the store, created by whichever service comes first.</summary>
internal static class PostgreSqlSchema
{
    public const string Summaries = "order_summaries";
    public const string Documents = "order_documents";

    /// <summary>Held by whoever changes tables; any number, the same in every service.</summary>
    public const string Lock = "SELECT pg_advisory_xact_lock(51020001)";

    private static readonly string Fingerprint =
        "shop:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CopyTables.Live.Ddl + Index(CopyTables.Live))))[..16];

    /// <summary>Tables to be filled, and indexed after that: see <see cref="CopyIndexes"/>.</summary>
    public static string CreateBare(CopyTables tables) =>
        $"{tables.Ddl} COMMENT ON TABLE {tables.Summaries} IS '{Fingerprint}';";

    public static async Task<IndexState> EnsureCreatedAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(Lock);

        await ExecuteAsync(PostgreSqlFreshness.Ddl);
        var catalog = await TableCatalog.ReadAsync(connection, cancellationToken);
        if (catalog.LiveColumns is null)
            await ExecuteAsync($"{CreateBare(CopyTables.Live)} {Index(CopyTables.Live)}");

        await transaction.CommitAsync(cancellationToken);
        return catalog.LiveColumns is not { } columns ? IndexState.Created
            : catalog.Fingerprint == Fingerprint && CopyTables.AreColumns(columns) ? IndexState.Ready
            : IndexState.Outdated;

        async Task ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static string Index(CopyTables tables) =>
        string.Concat(tables.Indexes.Select(index => $"CREATE INDEX {index};"));
}
