using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

/// <summary>A word that a name must have, in one of several spellings.</summary>
internal sealed record NameWord(IReadOnlyList<string> Spellings, bool IsPrefix)
{
    /// <summary>The similar words of a longer one are too many to look for as prefixes.</summary>
    private const int MaxSimilarPrefixes = 700;

    /// <summary>A word of an e-mail address. No word of a name starts with the sign.</summary>
    public static string OfEmail(string word) => "@" + word;

    /// <summary>The alternatives of each term that must match: all words of one of them, in any order.</summary>
    public static List<List<NameWord[]>> Required(NameQuery query) =>
        [.. SearchTerm.Required(query.Text).Select(term => Alternatives(term, query.WithEmails))];

    /// <summary>The alternatives of each term that must not match.</summary>
    public static List<List<NameWord[]>> Excluded(NameQuery query) =>
        [.. query.Text.Excluded.Select(term => Alternatives(SearchTerm.Of(term), query.WithEmails))];

    /// <summary>Whether a name with these words is found.</summary>
    public static bool AreIn(IEnumerable<string> terms, NameQuery query)
    {
        string[] all = [.. terms];
        return query.Text.HasRequired && Required(query).TrueForAll(IsIn) && !Excluded(query).Exists(IsIn);

        bool IsIn(List<NameWord[]> alternatives) => alternatives.Exists(words => words.All(word => word.IsAmong(all)));
    }

    private bool IsAmong(string[] terms) => Spellings.Any(spelling => IsPrefix
        ? Array.Exists(terms, term => term.StartsWith(spelling, StringComparison.Ordinal))
        : terms.Contains(spelling, StringComparer.Ordinal));

    private static List<NameWord[]> Alternatives(SearchTerm term, bool withEmails)
    {
        List<NameWord[]> any =
            [[.. term.Parts.Select((part, index) => Word(part, term.IsPrefix && index == term.Parts.Count - 1))]];
        if (term.Joined.Length > 0)
            any.Add([Word(term.Joined, term.IsPrefix)]);
        foreach (var (text, isPrefix) in term.Neighbours)
            any.Add([Word([text], isPrefix)]);
        foreach (var split in term.Splits)
            any.Add([Word(split[0], isPrefix: false), Word(split[1], term.IsPrefix)]);
        // Not those of an address: one that differs by a letter is another one.
        if (term.Similar.Length > 0)
            any.Add([new(term.Similar, term.IsPrefix && term.Similar.Length <= MaxSimilarPrefixes)]);
        return any;

        NameWord Word(string[] spellings, bool isPrefix) =>
            new(withEmails ? [.. spellings, .. spellings.Select(OfEmail)] : spellings, isPrefix);
    }
}
