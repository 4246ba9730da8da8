using System.Text;
using Shop.Contracts;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// A document's words as the text of a <c>tsvector</c> and a search as the text of a <c>tsquery</c>. Both are made of
/// our own tokens, so that no dictionary or setting of a server decides what is found.
/// </summary>
internal static class SearchVector
{
    /// <summary>Starts the lexemes that match as a whole: no token starts with it, so no prefix finds them.</summary>
    private const char Whole = '=';

    /// <summary>A lexeme holds 2 KB at most, a <c>tsvector</c> 16,383 positions.</summary>
    private const int MaxWholeLength = 500;
    private const int MaxTokens = 10_000;

    public static string Of(OrderDocument document)
    {
        var vector = new StringBuilder(1024);
        var position = 0;
        foreach (var field in SearchFields.Exact(document))
        {
            if (FoldWhole(field.Text) is { } whole)
                Append(vector, whole, ++position, field.Weight);
        }

        foreach (var field in SearchFields.Texts(document))
        {
            position++; // A gap, so that no phrase reaches from one field into the next.
            foreach (var token in TextTokenizer.Tokenize(field.Text))
            {
                if (position == MaxTokens)
                    return vector.ToString();

                Append(vector, token.Folded, ++position, field.Weight);
            }
        }

        return vector.ToString();
    }

    /// <returns>Null where the search asks for no word at all.</returns>
    public static string? Query(SearchText text)
    {
        List<string> all = [.. text.Terms.Select(term => Term(term, isPrefix: false))];
        if (text.Prefix is { } prefix)
            all.Add(Term(prefix, isPrefix: true));

        all.AddRange(text.Excluded.Select(term => "!" + Term(term, isPrefix: false)));
        return all.Count == 0 ? null : string.Join(" & ", all);
    }

    /// <summary>The part of <see cref="Query"/> that a document can be relevant to.</summary>
    public static string? RankQuery(SearchText text) => Query(text with { Excluded = [] });

    private static string Term(string term, bool isPrefix)
    {
        var query = new StringBuilder("(");
        var separator = "";
        foreach (var token in TextTokenizer.Tokenize(term))
        {
            Quote(query.Append(separator), token.Folded);
            separator = " <-> ";
        }

        if (isPrefix)
            query.Append(":*");

        if (FoldWhole(term) is { } whole)
            Quote(query.Append(" | "), whole);

        return query.Append(')').ToString();
    }

    private static string? FoldWhole(string text) =>
        text.Length <= MaxWholeLength ? Whole + TextFolding.Fold(text.Trim()) : null;

    private static void Append(StringBuilder vector, string lexeme, int position, SearchWeight weight)
    {
        Quote(vector, lexeme);
        vector.Append(':').Append(position).Append((char)('A' + (int)weight)).Append(' ');
    }

    private static void Quote(StringBuilder text, string lexeme) => text
        .Append('\'')
        .Append(lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
        .Append('\'');
}
