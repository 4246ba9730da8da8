using System.Text.RegularExpressions;
using Elastic.Clients.Elasticsearch;
using Elastic.Clients.Elasticsearch.QueryDsl;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch.Searching;

/// <summary>The queries for a search text. A term matches within one text field, or a whole exact field.</summary>
internal static partial class TextQuery
{
    // Powers of two, so that their sums are exact. In the order of SearchWeight.
    private const float ExactBoost = 16;
    private const float SpellingBoost = 0.25f;
    private const string Names = StoredFields.Names + "^4";
    private const string Details = StoredFields.Details + "^2";

    /// <summary>The prefix of a token in which ü was indexed as ue, or å as aa.</summary>
    private const string Expanded = "~";

    /// <summary>The maximum number of words that the last word of a phrase prefix expands to.</summary>
    private const int MaxExpansions = 1_000;

    /// <summary>The maximum number of additional spellings of a phrase in a query.</summary>
    private const int MaxSpellings = 16;

    /// <summary>The maximum total number of words in the additional spellings.</summary>
    private const int MaxSpelledWords = 128;

    private static readonly Fields Searched = Fields.FromStrings([Names, Details, StoredFields.Notes])!;
    private static readonly string[] TextFields = [StoredFields.Names, StoredFields.Details, StoredFields.Notes];

    public static IEnumerable<Query> Required(SearchText text) =>
        SearchTerm.Required(text).Select(Query (term) => Either(term));

    public static IEnumerable<Query> Excluded(SearchText text) =>
        text.Excluded.Select(Query (term) => Either(SearchTerm.Of(term)));

    /// <summary>Ranks orders higher that have words near each other that were typed one after the other.</summary>
    public static IEnumerable<Query> Near(SearchText text) => SearchTerm.Pairs(text)
        .Select(Query (pair) => new MultiMatchQuery($"{pair.First} {pair.Second}")
        {
            Fields = Searched,
            Type = TextQueryType.Phrase,
            Slop = SearchTerm.Near,
        });

    private static BoolQuery Either(SearchTerm term)
    {
        List<Query> any =
        [
            .. term.Texts.Select(Query (text) =>
                new ConstantScoreQuery(new TermQuery(StoredFields.Exact, text)) { Boost = ExactBoost }),
        ];
        AddSpellings(term.Parts);
        // A word that was typed in full is more relevant than one that only begins with it.
        if (term.IsPrefix)
        {
            var whole = string.Join(' ', term.Parts.Select(part => part[0]));
            any.Add(Words(whole, term.Parts.Count, isPrefix: false, boost: 1));
        }

        if (term.Joined.Length > 0)
            AddSpellings([term.Joined]);
        foreach (var split in term.Splits)
            any.Add(Words($"{split[0][0]} {split[1][0]}", split.Length, term.IsPrefix, SpellingBoost));
        foreach (var (text, isPrefix) in term.Neighbours)
            any.Add(Words(text, count: 1, isPrefix, SpellingBoost));
        if (term.Number is { } number)
            any.Add(new ConstantScoreQuery(Phone(number)) { Boost = SpellingBoost });
        if (term.Similar.Length > 0)
            any.AddRange(TextFields.Select(Query (field) => Similar(field, term.Similar)));
        return new() { Should = any, MinimumShouldMatch = 1 };

        void AddSpellings(IReadOnlyList<string[]> parts)
        {
            var spellings = Math.Min(MaxSpellings, MaxSpelledWords / parts.Count);
            foreach (var (index, words) in Spellings(parts).Take(spellings + 1).Index())
                any.Add(Words(words, parts.Count, term.IsPrefix, boost: index == 0 ? 1 : SpellingBoost));
        }
    }

    private static BoolQuery Phone(TypedNumber number) => new()
    {
        Should =
        [
            .. number.Digits.Select(Query (digits) => number.IsPrefix
                ? new PrefixQuery(StoredFields.Numbers, digits)
                : new TermQuery(StoredFields.Numbers, digits)),
        ],
    };

    private static TermsQuery Similar(string field, string[] words) =>
        new(field, new TermsQueryField([.. words.Select(FieldValue.String)])) { Boost = SpellingBoost };

    // Our analyzer produces the same tokens as the index, so the server does not analyze them again. The best field
    // counts: an order is not more relevant because its note repeats the customer's name.
    private static Query Words(string words, int count, bool isPrefix, float boost)
    {
        if (isPrefix && count == 1)
            return new DisMaxQuery { Queries = [.. Searched.Select(field => Prefix(field, words))], Boost = boost };

        return new MultiMatchQuery(words)
        {
            Fields = Searched,
            Type = isPrefix ? TextQueryType.PhrasePrefix : TextQueryType.Phrase,
            Boost = boost,
            MaxExpansions = isPrefix ? MaxExpansions : null,
        };
    }

    private static Query Prefix(Field field, string word) =>
        new PrefixQuery(field.Name!, word) { Boost = (float?)field.Boost };

    /// <summary>A phrase in every combination of the spellings of its parts, the plain ones first.</summary>
    private static IEnumerable<string> Spellings(IReadOnlyList<string[]> parts) => parts
        .Select(IEnumerable<string> (part) => Indexed(part))
        .Aggregate((phrases, part) => phrases.SelectMany(phrase => part.Select(word => $"{phrase} {word}")));

    private static IEnumerable<string> Indexed(string[] spellings)
    {
        foreach (var spelling in spellings)
            yield return spelling;

        var written = spellings[^1];
        if (MayBeExpanded.IsMatch(written))
            yield return Expanded + written;
    }

    [GeneratedRegex("[aou]e|aa")]
    private static partial Regex MayBeExpanded { get; }
}
