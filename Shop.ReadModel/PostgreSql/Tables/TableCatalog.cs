using System.Text.Json;
using Npgsql;

namespace Shop.ReadModel.PostgreSql.Tables;

/// <summary>A snapshot of the tables of each generation. The object id of its table identifies a generation.</summary>
/// <param name="IsShadowPrevious">Whether the shadow is the previous generation, renamed for a rollback.</param>
/// <param name="LiveColumns">Null if there are no live tables.</param>
/// <param name="Fingerprint">The definition that the live tables were created with.</param>
/// <param name="Foreign">A table with one of our names that Shop did not create.</param>
internal sealed record TableCatalog(
    string? Live, string? Shadow, string? Previous, bool IsShadowPrevious, RebuildRecord? Last,
    IReadOnlyCollection<string>? LiveColumns, string? Fingerprint, string? Foreign)
{
    /// <summary>The comment on the table of documents of a previous generation during a rollback.</summary>
    public const string RollbackMark = "was live before";

    public const string FingerprintPrefix = "shop:";

    private static readonly string Sql = $"""
        SELECT {Identity(OrderTables.Live)}, {Identity(OrderTables.Shadow)}, {Identity(OrderTables.Previous)},
            obj_description(to_regclass('{OrderTables.Shadow.Documents}'), 'pg_class') = '{RollbackMark}',
            (SELECT last FROM {PostgreSqlSchema.Rebuild}),
            (SELECT array_agg(attname::text) FROM pg_attribute
                WHERE attrelid = to_regclass('{OrderTables.Live.Summaries}') AND attnum > 0 AND NOT attisdropped),
            obj_description(to_regclass('{OrderTables.Live.Summaries}'), 'pg_class'),
            {PostgreSqlSchema.ForeignTable}
        """;

    public bool IsShadowAbandoned => Last?.Abandons(Shadow) ?? false;

    public OrderTables LiveTables => LiveColumns is { } columns ? OrderTables.Live.Having(columns) : OrderTables.Live;

    public GenerationState State => new(
        Live ?? throw new ReadStoreUnavailableException($"The table {OrderTables.Live.Summaries} does not exist."),
        IsShadowAbandoned ? null : Shadow,
        IsShadowPrevious ? Shadow : Previous,
        Last: Last);

    public static async Task<TableCatalog> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new(
            Text(0), Text(1), Text(2), !reader.IsDBNull(3) && reader.GetBoolean(3),
            Text(4) is { } last ? JsonSerializer.Deserialize(last, RebuildRecordJson.Default.RebuildRecord) : null,
            reader.IsDBNull(5) ? null : reader.GetFieldValue<string[]>(5), Text(6), Text(7));

        string? Text(int ordinal) => reader.IsDBNull(ordinal) ? null : reader.GetString(ordinal);
    }

    private static string Identity(OrderTables tables) =>
        $"'{OrderTables.Live.Summaries}#' || to_regclass('{tables.Summaries}')::oid";
}
