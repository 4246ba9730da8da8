using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.QueryDsl;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>What was typed as queries: a word or phrase stands in one field, or is a number, SKU or e-mail.</summary>
internal static class TextQuery
{
    // How much a match says about what was meant; SearchWeight has the same order.
    private const float WholeBoost = 8;
    private const string Names = StoredFields.Names + "^4";
    private const string Details = StoredFields.Details + "^2";

    /// <summary>A prefix of several words looks at so many words that the last one may stand for.</summary>
    private const int MaxExpansions = 1_000;

    private static readonly Fields Searched = Fields.FromStrings([Names, Details, StoredFields.Notes])!;

    public static IEnumerable<Query> Required(SearchText text)
    {
        foreach (var term in text.Terms)
            yield return Either(term, TextQueryType.Phrase);

        if (text.Prefix is { } prefix)
        {
            var isOneWord = !TextTokenizer.Tokenize(prefix).Skip(1).Any();
            yield return Either(prefix, isOneWord ? TextQueryType.BoolPrefix : TextQueryType.PhrasePrefix);
        }
    }

    public static IEnumerable<Query> Excluded(SearchText text) =>
        text.Excluded.Select<string, Query>(term => Either(term, TextQueryType.Phrase));

    private static BoolQuery Either(string typed, TextQueryType type)
    {
        var term = CombiningMarks.Remove(typed);
        return new()
        {
            Should =
            [
                new TermQuery(StoredFields.Wholes, term) { Boost = WholeBoost },
                new MultiMatchQuery(term)
                {
                    Fields = Searched,
                    Type = type,
                    MaxExpansions = type is TextQueryType.PhrasePrefix ? MaxExpansions : null,
                },
            ],
            MinimumShouldMatch = 1,
        };
    }
}
