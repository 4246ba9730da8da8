using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>What a sample says about the orders that a search finds, before they are read.</summary>
/// <param name="Matches">About how many there are.</param>
/// <param name="Edge">The match that about a thousand newer ones precede; null if there are not as many.</param>
/// <param name="Newest">When the newest order of all was placed.</param>
internal readonly record struct SearchEstimate(long Matches, PageEdge? Edge, DateTime Newest)
{
    private const int Window = 1_000;
    private const int Level = Lexemes.MarkedSample;
    private const string NewestOrder =
        $"SELECT placed_at FROM {PostgreSqlSchema.Summaries} ORDER BY placed_at DESC, id DESC LIMIT 1";

    /// <summary>Reads one in 64 orders. OFFSET keeps the words themselves from being looked up in the index.</summary>
    /// <param name="above">The match before which the edge is sought; null for the newest.</param>
    public static string Write(
        SearchConditions conditions, OrderFacet? ignored, PageEdge? above, NpgsqlParameterCollection parameters)
    {
        var older = above is { } edge
            ? $"WHERE (placed_at, id) < ({parameters.AddValue(edge.PlacedAt)}, {parameters.AddValue(edge.Id)})"
            : "";
        return $"""
            WITH sample AS MATERIALIZED (
                SELECT id, placed_at
                FROM (
                    SELECT id, placed_at, search FROM {PostgreSqlSchema.Summaries}
                    WHERE {conditions.WriteMarked(parameters, ignored)}
                    OFFSET 0
                ) AS marked
                WHERE {conditions.Words(parameters)}
            ), edge AS (
                SELECT placed_at, id FROM sample {older}
                ORDER BY placed_at DESC, id DESC OFFSET {Window >> Level} LIMIT 1
            )
            SELECT matches, placed_at, id,
                ({NewestOrder})
            FROM (SELECT count(*) AS matches FROM sample) AS counted LEFT JOIN edge ON TRUE
            """;
    }

    /// <summary>All that a window needs that has begun.</summary>
    public static async Task<SearchEstimate> OfNewestAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        await using var batch = new SearchBatch(dataSource);
        batch.Add(_ => NewestOrder);
        await using var reader = await batch.ReadAsync(cancellationToken);
        return new(0, null, await reader.ReadAsync(cancellationToken) ? reader.GetDateTime(0) : default);
    }

    public static async Task<SearchEstimate> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var hasEdge = !await reader.IsDBNullAsync(2, cancellationToken);
        return new(
            reader.GetInt64(0) << Level,
            hasEdge ? new(reader.GetDateTime(1), reader.GetGuid(2)) : null,
            await reader.IsDBNullAsync(3, cancellationToken) ? default : reader.GetDateTime(3));
    }
}
