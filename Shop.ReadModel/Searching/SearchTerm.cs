namespace Shop.ReadModel.Searching;

/// <summary>A word or phrase of a search as it is compared: its parts one after another, or all of them as one word.</summary>
internal sealed class SearchTerm
{
    private SearchTerm(string text, bool isPrefix)
    {
        var tokens = TextAnalyzer.Analyze(text);
        var parts = tokens.Where(token => !token.IsJoined).ToList();
        (Text, IsPrefix, Exact) = (text, isPrefix, TextFolding.Fold(text.Trim()));
        Parts = [.. parts.Select(part => part.Spellings)];
        Joined = tokens is [{ IsJoined: true } joined, ..] && tokens.Count == parts.Count + 1 ? joined.Spellings : [];
    }

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    /// <summary>Whether its last part matches as a prefix.</summary>
    public bool IsPrefix { get; }

    /// <summary>What an exact field must equal.</summary>
    public string Exact { get; }

    /// <summary>Each part in all its spellings, the plain one first.</summary>
    public IReadOnlyList<string[]> Parts { get; }

    /// <summary>All parts as one word, in all spellings; empty unless it is one word of several parts.</summary>
    public string[] Joined { get; }

    public static SearchTerm Of(string text) => new(text, isPrefix: false);

    public static IEnumerable<SearchTerm> Required(SearchText text)
    {
        foreach (var term in text.Terms)
            yield return Of(term);

        if (text.Prefix is { } prefix)
            yield return new(prefix, isPrefix: true);
    }
}
