using System.Globalization;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Forgives one typing mistake in each word of a search that finds nothing: a missing, an additional or another letter,
/// or two letters in the wrong order. A word is replaced only by one that an order has, so that something is found.
/// </summary>
public sealed class SearchCorrector(IOrderSearch search)
{
    /// <summary>A shorter word is one mistake away from too many others.</summary>
    private const int MinLength = 4;
    private const int MaxLength = 24;
    private const int MaxWords = 4;

    /// <summary>The number of orders from which the most frequent words are taken.</summary>
    private const int Orders = 50;

    // The scripts of India and Sri Lanka have Unicode blocks of 128 code points each, one after the other from U+0900 on.
    private static readonly (char First, char Last)[] Alphabets =
    [
        ('a', 'z'), ('α', 'ω'), ('а', 'я'), ('ա', 'ֆ'), ('א', 'ת'), ('ا', 'ي'), ('ܐ', 'ܬ'), ('ა', 'ჰ'), ('ァ', 'ー'),
        .. Enumerable.Range(0, 10).Select(block => ((char)(0x0900 + (block * 0x80)), (char)(0x097F + (block * 0x80)))),
    ];

    /// <returns>The search with other words; null if no order has similar ones.</returns>
    /// <exception cref="ReadStoreUnavailableException">The store does not respond.</exception>
    public async Task<OrderQuery?> CorrectAsync(OrderQuery query, CancellationToken cancellationToken)
    {
        var text = InParts(query.Text);
        var words = Correctable(text);
        if (words.Count == 0)
            return null;

        var similar = words.ToDictionary(term => term.Typed, term => Edits(term.Parts[0][0]));
        var page = await search.SearchAsync(
            query with
            {
                Text = text with { Similar = similar },
                // Ranking by hundreds of words would take longer than the search itself.
                Sort = OrderSort.Newest,
                Size = Orders,
                After = null,
                Facets = [],
            },
            cancellationToken);
        return page.Orders
            .Select(order => Replacements(new AnalyzedOrder(order), words, similar))
            .Where(words => words.Count > 0)
            .GroupBy(words => string.Join(' ', words.Values))
            .MaxBy(group => group.Count())?.First() is { } replaced
                ? query with { Text = Replace(text, replaced) }
                : null;
    }

    /// <summary>
    /// The text with the parts of each word as words: "meyer-landrutt" as "meyer landrutt", because the mistake is in a part.
    /// E-mail addresses and words in quotes are kept.
    /// </summary>
    internal static SearchText InParts(SearchText text)
    {
        var last = text.Prefix is { } prefix ? PartsOf(prefix) : [];
        return text with
        {
            Terms = [.. text.Terms.SelectMany(PartsOf), .. last.SkipLast(1)],
            Prefix = last.Count > 0 ? last[^1] : null,
        };

        IReadOnlyList<string> PartsOf(string typed) =>
            SearchTerm.Of(typed) is { Joined.Length: > 0 } term && !typed.Contains('@') && !text.Phrases.Contains(typed)
                ? [.. term.Parts.Select(part => part[0])]
                : [typed];
    }

    /// <returns>Empty if there are too many.</returns>
    internal static List<SearchTerm> Correctable(SearchText text)
    {
        List<SearchTerm> words =
        [
            .. SearchTerm.Required(text)
                .Where(term => CanBeCorrected(term) && !text.Phrases.Contains(term.Typed))
                .DistinctBy(term => term.Typed),
        ];
        return words.Count <= MaxWords ? words : [];
    }

    // A number with another digit is another number.
    private static bool CanBeCorrected(SearchTerm term) =>
        term.Parts is [[{ Length: >= MinLength and <= MaxLength } word, ..]] && !word.Any(char.IsDigit);

    /// <summary>For each word that the order does not have, the similar one that it has.</summary>
    private static SortedDictionary<string, string> Replacements(
        AnalyzedOrder order, IEnumerable<SearchTerm> words, Dictionary<string, string[]> similar)
    {
        SortedDictionary<string, string> replaced = new(StringComparer.Ordinal);
        foreach (var word in words.Where(word => !order.Has(word)))
        {
            if (order.FirstOf(similar[word.Typed]) is { } found)
                replaced[word.Typed] = found;
        }

        return replaced;
    }

    internal static SearchText Replace(SearchText text, IReadOnlyDictionary<string, string> replaced)
    {
        return text with
        {
            Terms = [.. text.Terms.Select(Replaced)],
            Prefix = text.Prefix is { } prefix ? Replaced(prefix) : null,
        };

        string Replaced(string term) => replaced.GetValueOrDefault(term, term);
    }

    // By code points: half of a surrogate pair is no text that a store accepts.
    internal static string[] Edits(string word)
    {
        string[] alphabet = [.. Alphabet(word).Select(letter => $"{letter}")];
        string[] letters = [.. word.EnumerateRunes().Select(rune => $"{rune}")];
        HashSet<string> edits = [];
        for (var i = 0; i <= letters.Length; i++)
        {
            var (head, tail) = (string.Concat(letters[..i]), string.Concat(letters[i..]));
            foreach (var letter in alphabet)
                edits.Add($"{head}{letter}{tail}");
            if (i == letters.Length)
                continue;

            var rest = string.Concat(letters[(i + 1)..]);
            edits.Add(head + rest);
            foreach (var letter in alphabet)
                edits.Add($"{head}{letter}{rest}");
            if (i + 1 < letters.Length)
                edits.Add($"{head}{letters[i + 1]}{letters[i]}{string.Concat(letters[(i + 2)..])}");
        }

        edits.Remove(word);
        return [.. edits];
    }

    /// <summary>The letters and vowel signs of the scripts in which the word is written.</summary>
    private static IEnumerable<char> Alphabet(string word) => Alphabets
        .Where(range => word.Any(c => c >= range.First && c <= range.Last))
        .SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1))
        .Select(c => (char)c)
        .Where(c => char.IsLetter(c)
            || char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);
}
