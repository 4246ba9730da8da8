using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.Elasticsearch;

/// <summary>
/// Accents that are characters of their own (<c>e</c> and U+0301 for é): the filter <c>asciifolding</c> does not know
/// them. Texts with any, which are few, are indexed a second time without.
/// </summary>
internal static class CombiningMarks
{
    private static readonly SearchValues<char> Marks = SearchValues.Create(
        [.. Range(0x0300, 0x036F), .. Range(0x1AB0, 0x1AFF), .. Range(0x1DC0, 0x1DFF)]);

    public static bool AreIn(OrderDocument document) =>
        SearchFields.Texts(document).Concat(SearchFields.Wholes(document)).Any(field => AreIn(field.Text));

    public static string Remove(string text) => AreIn(text)
        ? string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => !Marks.Contains(c)))
            .Normalize(NormalizationForm.FormC)
        : text;

    /// <summary>The document with the fields that are searched spelled out, without marks.</summary>
    public static JsonObject Spell(JsonObject document, OrderDocument order)
    {
        var fields = SearchFields.Texts(order).Concat(SearchFields.Wholes(order)).Where(field => AreIn(field.Text));
        foreach (var group in fields.GroupBy(field => Field(field.Weight)))
            document[group.Key] = new JsonArray([.. group.Select(field => JsonValue.Create(Remove(field.Text)))]);

        return document;
    }

    private static bool AreIn(string text) => text.AsSpan().ContainsAny(Marks);

    private static string Field(SearchWeight weight) => weight switch
    {
        SearchWeight.Key => StoredFields.Wholes,
        SearchWeight.Name => StoredFields.Names,
        SearchWeight.Detail => StoredFields.Details,
        _ => StoredFields.Notes,
    };

    private static IEnumerable<char> Range(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(code => (char)code);
}
