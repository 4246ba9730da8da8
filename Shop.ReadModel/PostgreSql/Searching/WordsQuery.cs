using System.Globalization;
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

    /// <summary>
    /// The words of a search as marked lexemes. These have no positions, so orders that are not found can match, too.
    /// </summary>
    /// <returns>Null if nothing must match.</returns>
    public static string? Marked(SearchText text) =>
        text.HasRequired ? string.Join(" & ", SearchTerm.Required(text).Select(Marked)) : null;

    /// <summary>The term as an order number, a SKU or an e-mail address.</summary>
    /// <returns>Null if it is longer than any of these.</returns>
    public static string? Exact(SearchTerm term) =>
        Exacts(term) is { Length: > 0 } exacts ? AnyOf(new(), exacts, isPrefix: false).ToString() : null;

    /// <summary>The parts of the term as they were typed, one after another.</summary>
    /// <param name="weight">Weights of the fields that count; empty for all.</param>
    public static string Plain(SearchTerm term, bool isPrefix, string weight) =>
        Sequence([.. term.Parts.Select(part => part[0])], isPrefix, weight);

    /// <summary>Two words within the distance of <see cref="SearchTerm.Near"/>.</summary>
    public static string Near((string First, string Second) pair, string weight)
    {
        var query = new StringBuilder();
        for (var distance = 1; distance <= 1 + SearchTerm.Near; distance++)
            Pair(pair.First, distance, pair.Second);
        Pair(pair.Second, distance: 1, pair.First);
        return query.ToString(0, query.Length - " | ".Length);

        void Pair(string first, int distance, string second)
        {
            AnyOf(query.Append('('), [first], isPrefix: false, weight);
            AnyOf(query.Append(CultureInfo.InvariantCulture, $" <{distance}> "), [second], isPrefix: false, weight);
            query.Append(") | ");
        }
    }

    /// <summary>The term in other spellings than the typed one.</summary>
    /// <returns>Null if there are none.</returns>
    public static string? Spellings(SearchTerm term, string weight)
    {
        var query = new StringBuilder();
        if (term.Parts.Any(part => part.Length > 1))
            Parts(query.Append(" | "), term, weight);
        Others(query, term, weight);
        return query.Length > 0 ? query.ToString(" | ".Length, query.Length - " | ".Length) : null;
    }

    private static string Term(SearchTerm term)
    {
        var query = new StringBuilder("(");
        Parts(query, term, weight: "");
        Others(query, term, weight: "");
        if (Exact(term) is { } exact)
            query.Append(" | ").Append(exact);
        if (term.Parts.Count > 1)
            Phrases(query.Append(" | "), term);

        return query.Append(')').ToString();
    }

    private static string Marked(SearchTerm term)
    {
        var query = new StringBuilder("(");
        foreach (var parts in term.Splits.Append(term.Parts))
        {
            foreach (var (index, part) in parts.Index())
                AnyOf(query.Append(index > 0 ? " & " : "("), Mark(part), term.IsPrefix && index == parts.Count - 1);
            query.Append(") | ");
        }

        if (term.Joined.Length > 0)
            AnyOf(query, Mark(term.Joined), term.IsPrefix).Append(" | ");
        foreach (var (text, isPrefix) in term.Neighbours)
            AnyOf(query, Mark([text]), isPrefix).Append(" | ");
        if (term.Similar.Length > 0)
            AnyOf(query, Mark(term.Similar), isPrefix: false).Append(" | ");
        if (Exacts(term) is { Length: > 0 } exacts)
            AnyOf(query, Mark(exacts), isPrefix: false).Append(" | ");
        if (term.Number is { } number)
            AnyOf(query, Mark([.. number.Digits.Select(Lexemes.OfPhone)]), number.IsPrefix).Append(" | ");
        return query.ToString(0, query.Length - " | ".Length) + ")";

        static IEnumerable<string> Mark(string[] lexemes) => lexemes.Select(Lexemes.Marked);
    }

    private static string[] Exacts(SearchTerm term) =>
        [.. term.Texts.Zip(term.Exacts, Lexemes.Exact).OfType<string>()];

    private static void Parts(StringBuilder query, SearchTerm term, string weight)
    {
        query.Append('(');
        foreach (var (index, part) in term.Parts.Index())
            AnyOf(query.Append(index > 0 ? " <-> " : ""), part, IsPrefix(term, index), weight);
        query.Append(')');
    }

    private static void Others(StringBuilder query, SearchTerm term, string weight)
    {
        if (term.Joined.Length > 0)
            AnyOf(query.Append(" | "), term.Joined, term.IsPrefix, weight);
        foreach (var split in term.Splits)
        {
            AnyOf(query.Append(" | ("), split[0], isPrefix: false, weight);
            AnyOf(query.Append(" <-> "), split[1], term.IsPrefix, weight);
            query.Append(')');
        }

        foreach (var (text, isPrefix) in term.Neighbours)
            AnyOf(query.Append(" | "), [text], isPrefix, weight);
        if (term.Number is { } number)
            AnyOf(query.Append(" | "), number.Digits.Select(Lexemes.OfPhone), number.IsPrefix, weight);
        if (term.Similar.Length > 0)
            AnyOf(query.Append(" | "), term.Similar, isPrefix: false, weight);
    }

    private static string Sequence(string[] words, bool isPrefix, string weight)
    {
        var query = new StringBuilder();
        foreach (var (index, word) in words.Index())
            AnyOf(query.Append(index > 0 ? " <-> " : ""), [word], isPrefix && index == words.Length - 1, weight);
        return query.ToString();
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

    private static StringBuilder AnyOf(
        StringBuilder query, IEnumerable<string> lexemes, bool isPrefix, string weight = "")
    {
        var flags = isPrefix ? $":*{weight}" : weight.Length > 0 ? $":{weight}" : "";
        var separator = "(";
        foreach (var lexeme in lexemes)
        {
            query.Append(separator).AppendLexeme(lexeme).Append(flags);
            separator = " | ";
        }

        return query.Append(')');
    }
}
