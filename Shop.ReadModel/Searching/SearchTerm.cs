namespace Shop.ReadModel.Searching;

/// <summary>A word or phrase of a search. It matches its parts in sequence, or all parts written as one word.</summary>
internal sealed class SearchTerm
{
    // A number or an address is often pasted with what surrounds it: #XQSX3XQ0KH, (ada@example.com). No SKU or address
    // begins or ends with these.
    private static readonly char[] Before = ['#', '(', '[', '<', ' '];
    private static readonly char[] After = [')', ']', '>', ',', ';', ':', '!', '?', ' '];

    private SearchTerm(string text, bool isPrefix)
    {
        var tokens = TextAnalyzer.Analyze(text);
        var parts = tokens.Where(token => !token.IsJoined).ToList();
        (Text, IsPrefix) = (text.Trim().TrimStart(Before).TrimEnd(After), isPrefix);
        Exact = TextFolding.Fold(Text);
        Parts = [.. parts.Select(part => part.Spellings)];
        Joined = tokens is [{ IsJoined: true } joined, ..] && tokens.Count == parts.Count + 1 ? joined.Spellings : [];
    }

    /// <summary>The text as typed, without signs around it.</summary>
    public string Text { get; }

    /// <summary>Whether the last part matches as a prefix.</summary>
    public bool IsPrefix { get; }

    /// <summary>The value that an exact field must equal.</summary>
    public string Exact { get; }

    /// <summary>Each part in all its spellings, the plain one first.</summary>
    public IReadOnlyList<string[]> Parts { get; }

    /// <summary>
    /// All parts written as one word, in all spellings. Empty unless the term is one word with several parts.
    /// </summary>
    public string[] Joined { get; }

    public static SearchTerm Of(string text) => new(text, isPrefix: false);

    public static IEnumerable<SearchTerm> Required(SearchText text)
    {
        foreach (var term in text.Terms)
            yield return Of(term);

        if (text.Prefix is { } prefix)
            yield return new(prefix, isPrefix: true);
    }

    /// <returns>The end of the match that starts at a token; 0 if the term does not match there.</returns>
    public int EndOfMatch(List<TextToken> tokens, int start)
    {
        var (token, end) = (tokens[start], 0);
        if (token.Matches(Joined, IsPrefix))
            end = token.End;
        if (token.IsJoined)
            return Parts.Count == 1 && token.Matches(Parts[0], IsPrefix) ? token.End : end;

        var next = start;
        foreach (var (index, part) in Parts.Index())
        {
            while (next < tokens.Count && tokens[next].IsJoined)
                next++;
            if (next == tokens.Count || !tokens[next].Matches(part, IsPrefix && index == Parts.Count - 1))
                return end;

            next++;
        }

        return Math.Max(end, tokens[next - 1].End);
    }
}
