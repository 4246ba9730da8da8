using Npgsql;
using Shop.ReadModel.PostgreSql.Client;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// The rank of a match as SQL: the same sum of boosts as the score in Elasticsearch. It depends on the order alone, and
/// many orders have equal ranks, of which the newest comes first.
/// </summary>
internal static class RelevanceRank
{
    private const double Exact = 16;
    private const double Spelling = 0.25;

    /// <summary>Further words of a search do not change the rank, so that ranking takes a bounded time.</summary>
    private const int MaxTerms = 8;

    /// <summary>The weights of a tsquery for <see cref="SearchWeight"/>, and what a match counts; "" is any.</summary>
    private static readonly (string Weight, double Boost)[] Fields = [("B", 4), ("C", 2), ("", 1)];

    /// <param name="column">The column or expression of the search vector.</param>
    public static string Write(SearchText text, string column, NpgsqlParameterCollection parameters)
    {
        var parts = SearchTerm.Required(text).Take(MaxTerms).SelectMany(OfTerm)
            .Concat(SearchTerm.Pairs(text).Select(pair => Best(weight => WordsQuery.Near(pair, weight), 1)));
        return $"({string.Join(" + ", parts)})::real";

        IEnumerable<string> OfTerm(SearchTerm term)
        {
            if (WordsQuery.Exact(term) is { } exact)
                yield return $"CASE WHEN {Matches(exact)} THEN {Exact} ELSE 0 END";
            yield return Best(weight => WordsQuery.Plain(term, term.IsPrefix, weight), 1);
            // A word that was typed in full is more relevant than one that only begins with it.
            if (term.IsPrefix)
                yield return Best(weight => WordsQuery.Plain(term, isPrefix: false, weight), 1);
            // Few orders have another spelling, so the rank of spellings is computed only for these.
            if (WordsQuery.Spellings(term, "") is { } spellings)
            {
                var best = Best(weight => WordsQuery.Spellings(term, weight)!, Spelling);
                yield return $"CASE WHEN {Matches(spellings)} THEN {best} ELSE 0 END";
            }
        }

        string Best(Func<string, string> query, double boost) => FormattableString.Invariant(
            $"CASE {string.Concat(Fields.Select(field => FormattableString.Invariant(
                $"WHEN {Matches(query(field.Weight))} THEN {field.Boost * boost} ")))}ELSE 0 END");

        string Matches(string query) => $"{column} @@ {parameters.AddValue(query)}::tsquery";
    }
}
