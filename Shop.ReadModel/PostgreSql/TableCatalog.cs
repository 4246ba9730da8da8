using Npgsql;

namespace Shop.ReadModel.PostgreSql;

/// <summary>Which tables there are, at one moment.</summary>
/// <param name="LiveColumns">Null where there is no live copy.</param>
/// <param name="Fingerprint">What the live copy was made with.</param>
internal sealed record TableCatalog(
    string? Next, string? Previous, IReadOnlyCollection<string>? LiveColumns, string? Fingerprint)
{
    /// <summary>On a copy that was live before and is about to be so again.</summary>
    public const string RollbackMark = "was live before";

    private static readonly string Sql = $"""
        SELECT to_regclass('{CopyTables.Next.Summaries}')::text,
            CASE WHEN obj_description(to_regclass('{CopyTables.Next.Documents}'), 'pg_class') = '{RollbackMark}'
                THEN to_regclass('{CopyTables.Next.Summaries}')::text
                ELSE to_regclass('{CopyTables.Previous.Summaries}')::text END,
            (SELECT array_agg(attname::text) FROM pg_attribute
                WHERE attrelid = to_regclass('{CopyTables.Live.Summaries}') AND attnum > 0 AND NOT attisdropped),
            obj_description(to_regclass('{CopyTables.Live.Summaries}'), 'pg_class')
        """;

    public bool IsRollback => Next is not null && Next == Previous;

    public CopyTables Live => LiveColumns is { } columns ? CopyTables.Live.Having(columns) : CopyTables.Live;

    public static async Task<TableCatalog> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(Text(0), Text(1), reader.IsDBNull(2) ? null : reader.GetFieldValue<string[]>(2), Text(3));

        string? Text(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
    }
}
