using System.Text;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Parses a search text into words, <c>"phrases"</c> and <c>-exclusions</c>, also with signs of full width. Every text is
/// valid: an unclosed quote ends with the text, and words without a letter or digit are ignored.
/// </summary>
public static class SearchTextParser
{
    /// <summary>Longer texts are cut; callers should reject them.</summary>
    public const int MaxLength = 1000;

    /// <summary>Further words and phrases are ignored; callers should reject such texts.</summary>
    public const int MaxTerms = 50;

    /// <summary>
    /// The maximum number of words in all terms together: <c>usb-c</c> is one term with two words. It bounds a query.
    /// </summary>
    public const int MaxWords = 100;

    /// <param name="isCut">Whether the text exceeded a limit.</param>
    public static SearchText Parse(string? text, out bool isCut)
    {
        isCut = text?.Length > MaxLength;
        var head = isCut ? text![..MaxLength] : text ?? "";
        var rest = TextFolding.WellFormed(head).Normalize(NormalizationForm.FormC).AsSpan();
        List<string> terms = [];
        List<string> excluded = [];
        List<string> phrases = [];
        string? prefix = null;
        var words = 0;

        while (Next(ref rest) is { } term)
        {
            if (prefix is not null)
                terms.Add(prefix);

            prefix = null;
            words += term.Words;
            if (terms.Count + excluded.Count == MaxTerms || words > MaxWords)
            {
                isCut = true;
                break;
            }

            if (term.IsExcluded)
                excluded.Add(term.Text);
            else if (term.IsPhrase)
            {
                terms.Add(term.Text);
                phrases.Add(term.Text);
            }
            else
                prefix = term.Text;
        }

        return new(terms, prefix, excluded) { Phrases = phrases };
    }

    private static Term? Next(ref ReadOnlySpan<char> rest)
    {
        while (true)
        {
            rest = rest.TrimStart();
            if (rest.IsEmpty)
                return null;

            var isExcluded = rest.Length > 1 && (rest[0] is '-' or '－') && !char.IsWhiteSpace(rest[1]);
            if (isExcluded)
                rest = rest[1..];

            var isPhrase = IsQuote(rest[0]);
            if (isPhrase)
                rest = rest[1..];

            var length = 0;
            while (length < rest.Length && !IsQuote(rest[length]) && (isPhrase || !char.IsWhiteSpace(rest[length])))
                length++;

            var text = rest[..length].Trim().ToString();
            rest = rest[(isPhrase && length < rest.Length ? length + 1 : length)..];
            if (TextAnalyzer.CountWords(text) is > 0 and var words)
                return new(text, words, isPhrase, isExcluded);
        }
    }

    private static bool IsQuote(char c) => c is '"' or '＂' or '“' or '”' or '„' or '«' or '»';

    private readonly record struct Term(string Text, int Words, bool IsPhrase, bool IsExcluded);
}
