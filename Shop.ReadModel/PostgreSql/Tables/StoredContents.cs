using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Client;

namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>Reads the stored versions and hashes for a reconciliation, in pages with short statements.</summary>
internal static class StoredContents
{
    private const int PageSize = 2_000;

    /// <summary>
    /// The version of each order; 0 if a hash does not match, or if only one of its two rows exists. Tables that
    /// another version of Shop created are not checked, because a rebuild replaces them.
    /// </summary>
    public static IAsyncEnumerable<OrderVersion> VersionsAsync(
        NpgsqlDataSource dataSource, OrderTables tables, CancellationToken cancellationToken)
    {
        // The first orders of the joined tables are among the first orders of each table.
        var isSound = $"""
            summary.content_hash = {tables.SummaryHash("summary")} AND summary.version = document.version
            AND document.content_hash = {OrderTables.DocumentHash("document")}
            """;
        var sql = $"""
            SELECT id, CASE WHEN {isSound} THEN summary.version ELSE 0 END
            FROM (SELECT * FROM {tables.Summaries} WHERE id > $1 ORDER BY id LIMIT {PageSize}) AS summary
            FULL JOIN (SELECT * FROM {tables.Documents} WHERE id > $1 ORDER BY id LIMIT {PageSize}) AS document
            USING (id) ORDER BY id LIMIT {PageSize}
            """;
        var uncheckedSql =
            $"SELECT id, version FROM {tables.Summaries} WHERE id > $1 ORDER BY id LIMIT {PageSize}";
        return PagesAsync(
            dataSource,
            [.. tables.HasContentHash ? (string[])[sql] : [], uncheckedSql],
            reader => new OrderVersion(reader.GetGuid(0), reader.GetInt64(1)),
            version => version.Id,
            cancellationToken);
    }

    public static IAsyncEnumerable<StoredContent> HashesAsync(
        NpgsqlDataSource dataSource, string documents, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT id, version, substring(sha256(convert_to(document::text, 'UTF8')) FOR 16) FROM {documents}
            WHERE id > $1 ORDER BY id LIMIT {PageSize}
            """;
        return PagesAsync(
            dataSource,
            [sql],
            reader => new StoredContent(
                reader.GetGuid(0),
                reader.GetInt64(1),
                BinaryPrimitives.ReadUInt128BigEndian(reader.GetFieldValue<byte[]>(2))),
            content => content.Id,
            cancellationToken);
    }

    /// <param name="statements">Alternatives; the first whose columns exist is executed.</param>
    private static async IAsyncEnumerable<T> PagesAsync<T>(
        NpgsqlDataSource dataSource, string[] statements, Func<NpgsqlDataReader, T> read, Func<T, Guid> idOf,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = Guid.Empty;
        List<T> page;
        do
        {
            page = await PostgreSqlErrors.Guarded(ReadAsync());
            foreach (var row in page)
                yield return row;

            after = page is [.., var last] ? idOf(last) : after;
        }
        while (page.Count == PageSize);

        async Task<List<T>> ReadAsync()
        {
            try
            {
                return await ReadPageAsync(dataSource, statements[0], after, read, cancellationToken);
            }
            catch (PostgresException exception) when (
                exception.SqlState == PostgresErrorCodes.UndefinedColumn && statements.Length > 1)
            {
                statements = statements[1..];
                return await ReadAsync();
            }
        }
    }

    private static async Task<List<T>> ReadPageAsync<T>(
        NpgsqlDataSource dataSource, string sql, Guid after, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.AddValue(after);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        List<T> page = [];
        while (await reader.ReadAsync(cancellationToken))
            page.Add(read(reader));
        return page;
    }
}
