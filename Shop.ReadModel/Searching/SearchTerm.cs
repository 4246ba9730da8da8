namespace Shop.ReadModel.Searching;

/// <summary>A word or phrase of a search. It matches its parts in sequence, or all parts written as one word.</summary>
internal sealed class SearchTerm
{
    /// <summary>The number of positions that words may be moved by to be near each other; swapping two takes both.</summary>
    public const int Near = 2;

    /// <summary>Further words of a search are not compared with each other, so that queries stay small.</summary>
    private const int MaxPairs = 7;

    private const int MinSplit = 3;
    private const int MaxSplit = 20;

    /// <summary>The words of a longer search are not split, so that queries stay small.</summary>
    private const int MaxSplitTerms = 4;

    private SearchTerm(string text, bool isPrefix)
    {
        var tokens = TextAnalyzer.Analyze(text);
        var parts = tokens.Where(token => !token.IsJoined).ToList();
        (Typed, Text, IsPrefix) = (text, WithoutSigns(text), isPrefix);
        Texts = text.Trim() == Text ? [Text] : [Text, text.Trim()];
        Exacts = [.. Texts.Select(TextFolding.Fold)];
        Parts = [.. parts.Select(part => part.Spellings)];
        Joined = tokens is [{ IsJoined: true } joined, ..] && tokens.Count == parts.Count + 1 ? joined.Spellings : [];
        Number = PhoneNumbers.Typed([text], isPrefix).FirstOrDefault().Number;
    }

    public string Typed { get; }

    /// <summary>The text as typed, without signs around it.</summary>
    public string Text { get; }

    /// <summary>Whether the last part matches as a prefix.</summary>
    public bool IsPrefix { get; }

    /// <summary>
    /// The text without signs around it, and as typed. A number or an address is often pasted with what surrounds it:
    /// #XQSX3XQ0KH, (ada@example.com). But a SKU may end with a dot.
    /// </summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>The values of which an exact field must equal one: the texts, folded.</summary>
    public IReadOnlyList<string> Exacts { get; }

    /// <summary>Each part in all its spellings, the plain one first.</summary>
    public IReadOnlyList<string[]> Parts { get; }

    /// <summary>
    /// All parts written as one word, in all spellings. Empty unless the term is one word with several parts.
    /// </summary>
    public string[] Joined { get; }

    /// <summary>A word as two words: redbull also matches Red Bull.</summary>
    public IReadOnlyList<string[][]> Splits { get; private set; } = [];

    /// <summary>The word together with the one before or after it, as one word: red bull also matches redbull.</summary>
    public IReadOnlyList<(string Text, bool IsPrefix)> Neighbours { get; private set; } = [];

    /// <summary>
    /// The phone number that the term is or, together with those around it, a part of. An order that has it in another
    /// spelling has each of these terms.
    /// </summary>
    public TypedNumber? Number { get; private set; }

    /// <summary>Other words that match as well.</summary>
    public string[] Similar { get; private set; } = [];

    /// <summary>The first letters of all words that can match.</summary>
    private string Firsts => field ??= FirstLetters();

    public static SearchTerm Of(string text) => new(text, isPrefix: false);

    public static IEnumerable<SearchTerm> Required(SearchText text)
    {
        List<SearchTerm> terms = [.. text.Terms.Select(Of)];
        if (text.Prefix is { } prefix)
            terms.Add(new(prefix, isPrefix: true));

        var pairs = terms.Zip(terms.Skip(1), Join).ToList();
        for (var i = 0; i < terms.Count; i++)
        {
            List<(string, bool)> neighbours = [];
            if (i > 0 && pairs[i - 1] is { } before)
                neighbours.Add((before, terms[i].IsPrefix));
            if (i < pairs.Count && pairs[i] is { } after)
                neighbours.Add((after, terms[i + 1].IsPrefix));
            terms[i].Splits = terms.Count <= MaxSplitTerms ? Split(terms[i]) : [];
            terms[i].Neighbours = neighbours;
            terms[i].Similar = text.Similar.GetValueOrDefault(terms[i].Typed, []);
        }

        var typed = terms.ConvertAll(term => term.Typed);
        foreach (var (words, number) in PhoneNumbers.Typed(typed, text.Prefix is not null))
        {
            foreach (var term in terms[words])
                term.Number = number;
        }

        return terms;
    }

    /// <summary>The words that were typed one after the other.</summary>
    public static IEnumerable<(string First, string Second)> Pairs(SearchText text)
    {
        List<SearchTerm> terms = [.. text.Terms.Select(Of)];
        if (text.Prefix is { } prefix)
            terms.Add(Of(prefix));
        return terms.Zip(terms.Skip(1), (first, second) => (first.Parts[^1][0], second.Parts[0][0])).Take(MaxPairs);
    }

    private string FirstLetters()
    {
        IEnumerable<string> starts =
        [
            .. Joined, .. Neighbours.Select(neighbour => neighbour.Text), .. Similar,
            .. Splits.Append(Parts).SelectMany(parts => parts[0]),
        ];
        return string.Concat(starts.Select(start => start[0]).Distinct());
    }

    private static string? Join(SearchTerm first, SearchTerm second) =>
        IsWord(first) && IsWord(second) && first.Parts[0][0].Length + second.Parts[0][0].Length <= MaxSplit
            ? first.Parts[0][0] + second.Parts[0][0]
            : null;

    private static List<string[][]> Split(SearchTerm term)
    {
        var word = term.Parts.Count == 1 ? term.Parts[0][0] : "";
        return word.Length > MaxSplit || !word.All(char.IsLetter)
            ? []
            : [.. Enumerable.Range(MinSplit, Math.Max(0, word.Length - (2 * MinSplit) + 1))
                .Select(i => (string[][])[[word[..i]], [word[i..]]])];
    }

    private static string WithoutSigns(string text)
    {
        var (start, end) = (0, text.Length);
        while (start < end && IsSign(text[start]))
            start++;
        while (start < end && IsSign(text[end - 1]))
            end--;
        return text[start..end];

        static bool IsSign(char c) => char.IsPunctuation(c) || char.IsSymbol(c) || char.IsWhiteSpace(c);
    }

    private static bool IsWord(SearchTerm term) =>
        term.Parts.Count == 1 && !term.Text.Any(char.IsWhiteSpace) && term.Parts[0][0].Length > 1;

    /// <returns>The end of the match that starts at a token; 0 if the term does not match there.</returns>
    public int EndOfMatch(List<TextToken> tokens, int start)
    {
        var token = tokens[start];
        // Most tokens of an order are ruled out by their first letter, and live streams compare every order.
        if (!Firsts.Contains(token.Text[0]) && !(token.Expanded is { } expanded && Firsts.Contains(expanded[0])))
            return 0;

        var isWhole = token.Matches(Joined, IsPrefix)
            || Neighbours.Any(neighbour => token.Matches([neighbour.Text], neighbour.IsPrefix))
            || Similar.Contains(token.Text, StringComparer.Ordinal);
        var end = isWhole ? token.End : 0;
        if (token.IsJoined)
            return Parts.Count == 1 && token.Matches(Parts[0], IsPrefix) ? token.End : end;

        return Splits.Append(Parts).Max(parts => Math.Max(end, EndOfSequence(tokens, start, parts)));
    }

    private int EndOfSequence(List<TextToken> tokens, int start, IReadOnlyList<string[]> parts)
    {
        var next = start;
        foreach (var (index, part) in parts.Index())
        {
            while (next < tokens.Count && tokens[next].IsJoined)
                next++;
            if (next == tokens.Count || !tokens[next].Matches(part, IsPrefix && index == parts.Count - 1))
                return 0;

            next++;
        }

        return tokens[next - 1].End;
    }
}
