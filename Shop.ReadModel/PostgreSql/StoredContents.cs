using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>Reads the stored documents for comparisons, in pages of short statements.</summary>
internal static class StoredContents
{
    private const int PageSize = 2_000;

    public static async IAsyncEnumerable<StoredContent> HashesAsync(
        NpgsqlDataSource dataSource, string documents, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT id, version, substring(sha256(convert_to(document::text, 'UTF8')) FOR 16) FROM {documents}
            WHERE id > $1 ORDER BY id LIMIT {PageSize}
            """;
        List<StoredContent> page = [];
        do
        {
            var after = page is [.., var last] ? last.Id : Guid.Empty;
            page = await ReadPageAsync(dataSource, sql, after, reader => new StoredContent(
                reader.GetGuid(0),
                reader.GetInt64(1),
                BinaryPrimitives.ReadUInt128BigEndian(reader.GetFieldValue<byte[]>(2))), cancellationToken);
            foreach (var content in page)
                yield return content;
        }
        while (page.Count == PageSize);
    }

    private static async Task<List<T>> ReadPageAsync<T>(
        NpgsqlDataSource dataSource, string sql, Guid after, Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(sql);
            command.Parameters.AddValue(after);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            List<T> page = [];
            while (await reader.ReadAsync(cancellationToken))
                page.Add(read(reader));
            return page;
        }
        catch (NpgsqlException exception) when (exception.IsUnavailable())
        {
            throw exception.ToUnavailable();
        }
    }
}
