using System.Text;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// Reduces the similar words of a search, which are hundreds, to the few that are stored. Comparing every order with all of
/// them takes seconds; asking the index which of them it has takes milliseconds.
/// </summary>
internal static class SimilarWords
{
    private const int TimeoutSeconds = 5;

    // The planner would read the table to find out whether there is any order; to count, it reads the index.
    private const string Known = $"""
        SELECT word FROM unnest($1, $2) AS given (word, query)
        WHERE (SELECT count(*) FROM {PostgreSqlSchema.Summaries} WHERE search @@ query::tsquery) > 0
        """;

    /// <summary>Leaves out the similar words that no order has.</summary>
    public static async Task<OrderQuery> WithKnownAsync(
        OrderQuery query, NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var similar = query.Text.Similar;
        if (similar.Count == 0)
            return query;

        string[] words = [.. similar.Values.SelectMany(words => words).Distinct(StringComparer.Ordinal)];
        await using var command = dataSource.CreateCommand(Known);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue(words);
        command.Parameters.AddValue(words.Select(word => $"{new StringBuilder().AppendLexeme(word)}").ToArray());
        var read = await command.ReadAllAsync(reader => reader.GetString(0), cancellationToken);
        var known = read.ToHashSet(StringComparer.Ordinal);
        return query with
        {
            Text = query.Text with
            {
                Similar = similar.ToDictionary(term => term.Key, term => term.Value.Where(known.Contains).ToArray()),
            },
        };
    }
}
