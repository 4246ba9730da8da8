using System.Text;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>The words of a search as the text of a <c>tsquery</c>.</summary>
internal static class WordsQuery
{
    /// <returns>Null if the search has no words.</returns>
    public static string? Of(SearchText text)
    {
        List<string> all = [.. SearchTerm.Required(text).Select(Term)];
        all.AddRange(text.Excluded.Select(term => "!" + Term(SearchTerm.Of(term))));
        return all.Count == 0 ? null : string.Join(" & ", all);
    }

    /// <summary>The part of <see cref="Of"/> that determines relevance.</summary>
    /// <remarks>A word that was typed in full is more relevant than one that only begins with it.</remarks>
    public static string? Ranking(SearchText text) => text.HasRequired
        ? string.Join(" & ", SearchTerm.Required(text).Select(term => term.IsPrefix ? $"({Term(term)} | {Whole(term)})" : Term(term)))
        : null;

    private static string Term(SearchTerm term)
    {
        var query = new StringBuilder("(");
        foreach (var (index, part) in term.Parts.Index())
            AnyOf(query.Append(index > 0 ? " <-> " : ""), part, IsPrefix(term, index));

        if (term.Joined.Length > 0)
            AnyOf(query.Append(" | "), term.Joined, term.IsPrefix);
        foreach (var split in term.Splits)
        {
            AnyOf(query.Append(" | ("), split[0], isPrefix: false);
            AnyOf(query.Append(" <-> "), split[1], term.IsPrefix);
            query.Append(')');
        }

        foreach (var (text, isPrefix) in term.Neighbours)
            AnyOf(query.Append(" | "), [text], isPrefix);
        if (term.Similar.Length > 0)
            AnyOf(query.Append(" | "), term.Similar, isPrefix: false);
        if (Lexemes.Exact(term.Text, term.Exact) is { } exact)
            query.Append(" | ").AppendLexeme(exact);
        if (term.Parts.Count > 1)
            Phrases(query.Append(" | "), term);

        return query.Append(')').ToString();
    }

    private static string Whole(SearchTerm term)
    {
        var query = new StringBuilder("(");
        foreach (var (index, part) in term.Parts.Index())
            AnyOf(query.Append(index > 0 ? " <-> " : ""), part, isPrefix: false);
        return query.Append(')').ToString();
    }

    private static void Phrases(StringBuilder query, SearchTerm term)
    {
        var size = Math.Min(term.Parts.Count, Lexemes.PhraseSize);
        for (var end = size; end <= term.Parts.Count; end++)
        {
            var phrases = Lexemes.Phrases(term.Parts.Skip(end - size).Take(size));
            AnyOf(query.Append(end > size ? " & " : ""), phrases, IsPrefix(term, end - 1));
        }
    }

    private static bool IsPrefix(SearchTerm term, int part) => term.IsPrefix && part == term.Parts.Count - 1;

    private static void AnyOf(StringBuilder query, IEnumerable<string> lexemes, bool isPrefix)
    {
        var separator = "(";
        foreach (var lexeme in lexemes)
        {
            query.Append(separator).AppendLexeme(lexeme).Append(isPrefix ? ":*" : "");
            separator = " | ";
        }

        query.Append(')');
    }
}
