using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>Shows where a document matches: fragments of its fields as HTML with the matches in <c>mark</c>.</summary>
public sealed class SearchHighlighter
{
    private const int FragmentLength = 160;
    private const int MaxFragments = 5;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly string[] _exact;
    private readonly string[][] _terms;
    private readonly string[]? _prefix;

    public SearchHighlighter(SearchText text)
    {
        string[] all = text.Prefix is { } last ? [.. text.Terms, last] : [.. text.Terms];
        _exact = [.. all.Select(term => TextFolding.Fold(term))];
        _terms = [.. all.Select(Tokens)];
        _prefix = text.Prefix is null ? null : _terms[^1];
    }

    /// <summary>Fragments by field name; a field without a match is left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Highlight(OrderDocument document)
    {
        Dictionary<string, IReadOnlyList<string>> highlights = [];
        if (_terms.Length == 0)
            return highlights;

        foreach (var field in SearchFields.Exact(document))
        {
            if (_exact.Contains(TextFolding.Fold(field.Text)))
                Add(field.Name, Mark(field.Text, [(0, field.Text.Length)]));
        }

        foreach (var field in SearchFields.Texts(document))
        {
            if (Matches(field.Text) is { Count: > 0 } matches)
                Add(field.Name, Mark(field.Text, matches));
        }

        return highlights;

        void Add(string name, string fragment)
        {
            var fragments = highlights.GetValueOrDefault(name) ?? [];
            if (fragments.Count < MaxFragments && !fragments.Contains(fragment))
                highlights[name] = [.. fragments, fragment];
        }
    }

    private List<(int Start, int End)> Matches(string text)
    {
        TextToken[] tokens = [.. TextTokenizer.Tokenize(text)];
        List<(int Start, int End)> matches = [];
        for (var i = 0; i < tokens.Length;)
        {
            var length = _terms.Max(term => MatchAt(tokens.AsSpan(i), term));
            if (length > 0)
                matches.Add((tokens[i].Start, tokens[i + length - 1].Start + tokens[i + length - 1].Length));

            i += Math.Max(length, 1);
        }

        return matches;
    }

    private int MatchAt(ReadOnlySpan<TextToken> tokens, string[] term)
    {
        if (tokens.Length < term.Length)
            return 0;

        for (var i = 0; i < term.Length; i++)
        {
            var isPrefix = term == _prefix && i == term.Length - 1;
            var matches = isPrefix
                ? tokens[i].Folded.StartsWith(term[i], StringComparison.Ordinal)
                : tokens[i].Folded == term[i];
            if (!matches)
                return 0;
        }

        return term.Length;
    }

    // A long text is cut around its first match; the ends of the cut are marked with an ellipsis.
    private static string Mark(string text, List<(int Start, int End)> matches)
    {
        var start = text.Length <= FragmentLength ? 0 : WordStart(text, matches[0].Start - (FragmentLength / 3));
        var end = Math.Max(matches[0].End, Math.Min(text.Length, start + FragmentLength));
        if (end < text.Length && char.IsLowSurrogate(text[end]))
            end++;

        var html = new StringBuilder(start > 0 ? "…" : "");
        var written = start;
        foreach (var match in matches.TakeWhile(match => match.End <= end))
        {
            html.Append(Encode(text, written, match.Start)).Append("<mark>")
                .Append(Encode(text, match.Start, match.End)).Append("</mark>");
            written = match.End;
        }

        return html.Append(Encode(text, written, end)).Append(end < text.Length ? "…" : "").ToString();
    }

    private static int WordStart(string text, int index)
    {
        if (index <= 0)
            return 0;

        var space = text.IndexOf(' ', index, Math.Min(text.Length - index, FragmentLength / 4));
        if (space >= 0)
            return space + 1;

        return char.IsLowSurrogate(text[index]) ? index - 1 : index;
    }

    private static string Encode(string text, int start, int end) => Encoder.Encode(text[start..end]);

    private static string[] Tokens(string term) => [.. TextTokenizer.Tokenize(term).Select(token => token.Folded)];
}
