using System.Text;
using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Tables;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// Reduces the similar words of a search, which are hundreds, to the few that are stored. Comparing every order with all of
/// them takes seconds; asking the index which of them it contains takes milliseconds.
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

        var known = await KnownAsync(
            dataSource, Known, similar.Values.SelectMany(words => words), suffix: "", cancellationToken);
        return query with { Text = query.Text with { Similar = Only(similar, known) } };
    }

    /// <summary>Asks an index which of the words it has.</summary>
    /// <param name="sql">Takes the words and, in the same order, their queries; selects the words that there are.</param>
    /// <param name="suffix">Appended to each word in its query: <c>:*</c> to match words that begin with it.</param>
    public static async Task<HashSet<string>> KnownAsync(
        NpgsqlDataSource dataSource, string sql, IEnumerable<string> words, string suffix,
        CancellationToken cancellationToken)
    {
        string[] given = [.. words.Distinct(StringComparer.Ordinal)];
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue(given);
        command.Parameters.AddValue(given.Select(word => $"{new StringBuilder().AppendLexeme(word)}{suffix}").ToArray());
        var known = await command.ReadAllAsync(reader => reader.GetString(0), cancellationToken);
        return known.ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Leaves out the similar words that are not known.</summary>
    public static Dictionary<string, string[]> Only(IReadOnlyDictionary<string, string[]> similar, HashSet<string> known) =>
        similar.ToDictionary(term => term.Key, term => term.Value.Where(known.Contains).ToArray());
}
