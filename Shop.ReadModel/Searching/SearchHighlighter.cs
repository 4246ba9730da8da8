using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Shop.Contracts;

namespace Shop.ReadModel.Searching;

/// <summary>Creates fragments of matching fields as HTML, with the matches in <c>mark</c> elements.</summary>
public sealed class SearchHighlighter
{
    private const int FragmentLength = 160;
    private const int MaxFragments = 5;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly SearchTerm[] _terms;

    public SearchHighlighter(SearchText text) => _terms = [.. SearchTerm.Required(text)];

    /// <summary>Fragments by field name; a field without a match is left out.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Highlight(OrderDocument document)
    {
        Dictionary<string, IReadOnlyList<string>> highlights = [];
        if (_terms.Length == 0)
            return highlights;

        foreach (var field in SearchFields.Exact(document))
        {
            var folded = TextFolding.Fold(field.Text);
            if (_terms.Any(term => term.Exacts.Contains(folded)))
                Add(field.Name, Mark(field.Text, [(0, field.Text.Length)]));
        }

        foreach (var field in SearchFields.Texts(document))
        {
            if (Matches(field) is { Count: > 0 } matches)
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

    private List<(int Start, int End)> Matches(SearchField field)
    {
        var tokens = TextAnalyzer.Analyze(field.Text);
        var found = tokens.Select((token, i) => (token.Start, End: _terms.Max(term => term.EndOfMatch(tokens, i))));
        if (field.HasNumbers && Array.Exists(_terms, term => term.Number is not null))
            found = found.Concat(Numbers(field.Text)).OrderBy(match => match.Start);
        List<(int Start, int End)> matches = [];
        foreach (var (start, end) in found)
        {
            if (matches is [.., var last] && start < last.End)
                matches[^1] = (last.Start, Math.Max(last.End, end));
            else if (end > start)
                matches.Add((start, end));
        }

        return matches;
    }

    private IEnumerable<(int Start, int End)> Numbers(string text) => PhoneNumbers.In(text)
        .Where(number => Array.Exists(_terms, term => term.Number?.Matches(number) is true))
        .Select(number => (number.Start, number.End));

    // A long text is cut around its first match, and an ellipsis marks each cut.
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
}
