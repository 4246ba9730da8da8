using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.QueryDsl;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>The queries of a search text: a term matches within one text field, or an exact field as a whole.</summary>
internal static class TextQuery
{
    // Small whole numbers: sums of them are exact. The order is that of SearchWeight.
    private const float ExactBoost = 8;
    private const string Names = StoredFields.Names + "^4";
    private const string Details = StoredFields.Details + "^2";

    /// <summary>The maximum number of words that the last word of a phrase prefix expands to.</summary>
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

    private static BoolQuery Either(string term, TextQueryType type)
    {
        return new()
        {
            Should =
            [
                new TermQuery(StoredFields.Exact, term) { Boost = ExactBoost },
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
