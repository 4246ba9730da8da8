using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Names;

/// <summary>
/// Forgives one typing mistake in each word of a text that no name has. Which words and which mistakes it forgives is
/// decided by <see cref="SearchCorrector"/>, as in a search for orders. Only a word of a name replaces another one.
/// </summary>
internal sealed class NameCorrection
{
    private readonly SearchText _typed;
    private readonly List<SearchTerm> _words;

    private NameCorrection(SearchText typed, List<SearchTerm> words)
    {
        (_typed, _words) = (typed, words);
        Similar = typed with
        {
            Similar = words.ToDictionary(word => word.Typed, word => SearchCorrector.Edits(word.Parts[0][0])),
        };
    }

    /// <summary>The text, in which each word also matches the words that differ from it by one mistake.</summary>
    public SearchText Similar { get; }

    /// <returns>Null if no mistake in the text is forgiven.</returns>
    public static NameCorrection? Of(SearchText typed)
    {
        var text = SearchCorrector.InParts(typed);
        return SearchCorrector.Correctable(text) is { Count: > 0 } words ? new(text, words) : null;
    }

    /// <summary>Replaces each word that a name does not have by the similar one that it has.</summary>
    /// <param name="name">One that <see cref="Similar"/> finds.</param>
    /// <param name="email">The address that the text was searched in as well; its words are not replaced.</param>
    /// <returns>Null if no word is replaced.</returns>
    public SearchText? With(string name, string? email = null)
    {
        var tokens = TextAnalyzer.Analyze(name);
        List<TextToken> known = [.. tokens, .. TextAnalyzer.Analyze(email ?? "")];
        Dictionary<string, string> replaced = [];
        foreach (var word in _words.Where(word => !known.Exists(token => token.Matches(word.Parts[0], word.IsPrefix))))
        {
            if (tokens.Find(token => token.Matches(Similar.Similar[word.Typed], word.IsPrefix)) is { Text: { } other })
                replaced[word.Typed] = other;
        }

        return replaced.Count > 0 ? SearchCorrector.Replace(_typed, replaced) : null;
    }
}
