using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Shop.Contracts;
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

    private static readonly SearchValues<byte> Beginnings = SearchValues.Create([(byte)'\\', 0xCC, 0xCD, 0xE1]);

    public static bool AreIn(OrderDocument document) =>
        SearchFields.Texts(document).Concat(SearchFields.Wholes(document)).Any(field => AreIn(field.Text));

    /// <summary>Whether JSON may have any, raw or escaped. Some other letters are taken for one, no mark is missed.</summary>
    public static bool MayBeIn(ReadOnlySpan<byte> json)
    {
        for (var at = json.IndexOfAny(Beginnings); at >= 0; at = json.IndexOfAny(Beginnings))
        {
            json = json[at..];
            if (IsBeginning(json))
                return true;
            json = json[1..];
        }

        return false;
    }

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

    // U+03xx are CC and CD in UTF-8, U+1Axx and U+1Dxx begin with E1 AA, E1 AB and E1 B7.
    private static bool IsBeginning(ReadOnlySpan<byte> json) => json switch
    {
        [(byte)'\\', (byte)'u', (byte)'0', (byte)'3', ..] => true,
        [(byte)'\\', (byte)'u', (byte)'1', (byte)'a' or (byte)'A' or (byte)'d' or (byte)'D', ..] => true,
        [0xE1, 0xAA or 0xAB or 0xB7, ..] => true,
        [0xCC or 0xCD, ..] => true,
        _ => false,
    };

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
