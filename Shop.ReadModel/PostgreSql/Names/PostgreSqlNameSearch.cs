using System.Text;
using Npgsql;
using Shop.ReadModel.Names;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.PostgreSql.Tables;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Names;

/// <summary>
/// Looks among the names with the highest weight first: of a short text, that has many matches, it reads only as many as
/// it needs. The matches of a text that has few are read from the index of words and sorted.
/// </summary>
internal sealed class PostgreSqlNameSearch(NpgsqlDataSource dataSource) : INameSearch
{
    /// <summary>The number of names that are read in the order of their weight.</summary>
    private const int Best = 1_000;
    private const int TimeoutSeconds = 5;

    /// <summary>Too many names begin as a shorter beginning to look for one of them.</summary>
    private const int MinHead = 3;
    private const string Columns = "kind, id, text, email, country, orders, latest, weight";

    private const string AmongBest = $"""
        SELECT {Columns}
        FROM (SELECT * FROM {NameTables.Live} WHERE kind = $1 ORDER BY weight DESC, id LIMIT $4) AS best
        WHERE terms @@ $2::tsquery ORDER BY weight DESC, id LIMIT $3
        """;

    // Whatever the planner expects, it is to read the index of words: not the one of weights, nor the primary key.
    private const string AmongAll = $"""
        WITH matching AS MATERIALIZED (
            SELECT {Columns} FROM {NameTables.Live} WHERE kind + 0 = $1 AND terms @@ $2::tsquery
        )
        SELECT {Columns} FROM matching ORDER BY weight DESC, id LIMIT $3
        """;

    private const string Known = $"""
        SELECT word FROM unnest($1, $2) AS given (word, query)
        WHERE EXISTS (SELECT FROM {NameTables.Live} WHERE terms @@ query::tsquery)
        """;

    private const string Numbers = $"""
        SELECT document ->> 'number', id
        FROM (SELECT id FROM {PostgreSqlSchema.Summaries} WHERE search @@ $1::tsquery LIMIT $2) AS found
        JOIN {PostgreSqlSchema.Documents} USING (id) ORDER BY 1
        """;

    public async Task<IReadOnlyList<FoundName>> FindAsync(NameQuery query, CancellationToken cancellationToken)
    {
        if (!query.Text.HasRequired)
            return [];

        // Comparing names with hundreds of similar words would take long.
        if (query.Text.Similar.Count > 0)
            query = query with { Text = await WithKnownAsync(query.Text, cancellationToken) };
        var best = await FindAsync(query, AmongBest, cancellationToken);
        return best.Count == query.Limit ? best : await FindAsync(query, AmongAll, cancellationToken);
    }

    public async Task<IReadOnlyList<FoundNumber>> FindNumbersAsync(
        string prefix, int limit, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(Numbers);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue($"{new StringBuilder().AppendLexeme(Lexemes.OfNumber(prefix))}:*");
        command.Parameters.AddValue((long)limit);
        return await PostgreSqlErrors.Guarded(command.ReadAllAsync(
            reader => new FoundNumber(reader.GetString(0), reader.GetGuid(1)), cancellationToken));
    }

    /// <summary>Leaves out the similar words that no name has.</summary>
    private async Task<SearchText> WithKnownAsync(SearchText text, CancellationToken cancellationToken)
    {
        var possible = await WithKnownHeadsAsync(text, cancellationToken);
        var known = await KnownAsync(possible.SelectMany(term => term.Value), cancellationToken);
        return text with { Similar = SimilarWords.Only(possible, known) };
    }

    /// <summary>
    /// Leaves out the similar words that share a beginning with the typed word if no name has a word with that beginning.
    /// A long word has thousands of similar words, and this leaves out most of them with a few lookups.
    /// </summary>
    private async Task<Dictionary<string, string[]>> WithKnownHeadsAsync(
        SearchText text, CancellationToken cancellationToken)
    {
        List<SearchTerm> terms =
            [.. SearchTerm.Required(text).Where(term => term.Similar.Length > 0).DistinctBy(term => term.Typed)];
        var heads = terms.ToDictionary(term => term.Typed, term => HeadsOf(term.Parts[0][0]));
        var known = await KnownAsync(heads.SelectMany(term => term.Value), cancellationToken);
        return terms.ToDictionary(term => term.Typed, term =>
        {
            var unknown = heads[term.Typed].FirstOrDefault(head => !known.Contains(head));
            return unknown is null
                ? term.Similar
                : [.. term.Similar.Where(word => !word.StartsWith(unknown, StringComparison.Ordinal))];
        });
    }

    /// <summary>The beginnings of a word, shorter ones first. Half of a surrogate pair is no text.</summary>
    private static List<string> HeadsOf(string word) =>
    [
        .. Enumerable.Range(MinHead, Math.Max(0, word.Length - MinHead)).Select(length => word[..length])
            .Where(head => !char.IsHighSurrogate(head[^1])),
    ];

    /// <returns>The words with which a word of a name begins.</returns>
    private Task<HashSet<string>> KnownAsync(IEnumerable<string> words, CancellationToken cancellationToken) =>
        PostgreSqlErrors.Guarded(SimilarWords.KnownAsync(dataSource, Known, words, suffix: ":*", cancellationToken));

    private async Task<List<FoundName>> FindAsync(NameQuery query, string sql, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.CommandTimeout = TimeoutSeconds;
        command.Parameters.AddValue((short)query.Kind);
        command.Parameters.AddValue(Words(query));
        command.Parameters.AddValue((long)query.Limit);
        if (sql == AmongBest)
            command.Parameters.AddValue((long)Best);
        return await PostgreSqlErrors.Guarded(command.ReadAllAsync(
            reader => new FoundName(
                new((NameKind)reader.GetInt16(0), reader.GetString(1)), reader.GetString(2), reader.Text(3),
                reader.Text(4), reader.GetInt64(5), reader.GetFieldValue<DateTimeOffset>(6)),
            cancellationToken));
    }

    private static string Words(NameQuery query)
    {
        var words = new StringBuilder();
        foreach (var term in NameWord.Required(query))
            AnyOf(words.Append(words.Length > 0 ? " & " : ""), term);
        foreach (var term in NameWord.Excluded(query))
            AnyOf(words.Append(" & !"), term);
        return words.ToString();
    }

    private static void AnyOf(StringBuilder words, List<NameWord[]> alternatives)
    {
        var open = "(";
        foreach (var word in alternatives)
        {
            words.Append(open).Append('(').AppendJoin(" & ", word.Select(AnySpelling)).Append(')');
            open = " | ";
        }

        words.Append(')');
    }

    private static string AnySpelling(NameWord word)
    {
        var any = new StringBuilder();
        foreach (var spelling in word.Spellings)
            any.Append(any.Length > 0 ? " | " : "(").AppendLexeme(spelling).Append(word.IsPrefix ? ":*" : "");
        return any.Append(')').ToString();
    }
}
