using System.Text;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Removes case and accents: Đức becomes <c>duc</c>, Straße <c>strasse</c>. For Latin letters the result is that of
/// Elasticsearch's <c>lowercase</c> and <c>asciifolding</c> filters.
/// </summary>
public static class TextFolding
{
    /// <summary>Longer results are cut.</summary>
    private const int MaxLength = 255;

    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text.Length <= MaxLength ? text.ToLowerInvariant() : text[..MaxLength].ToLowerInvariant();

        var folded = new StringBuilder(text.Length);
        foreach (var rune in WellFormed(text).Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (IsAccent(rune))
                continue;

            Append(folded, Rune.ToLowerInvariant(rune));
            if (folded.Length >= MaxLength)
                break;
        }

        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>Replaces lone surrogates with U+FFFD, since normalization rejects them.</summary>
    internal static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.ToString());

        return clean.ToString();
    }

    // Only the marks of European scripts. In other scripts a mark is a vowel or makes another letter.
    private static bool IsAccent(Rune rune) => rune.Value is
        (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF);

    // Letters without a Unicode decomposition.
    private static void Append(StringBuilder folded, Rune lower) => _ = lower.Value switch
    {
        'ß' => folded.Append("ss"),
        'æ' => folded.Append("ae"),
        'œ' => folded.Append("oe"),
        'þ' => folded.Append("th"),
        'ø' => folded.Append('o'),
        'đ' or 'ð' => folded.Append('d'),
        'ł' => folded.Append('l'),
        'ħ' => folded.Append('h'),
        'ı' => folded.Append('i'),
        'ŧ' => folded.Append('t'),
        'ŋ' => folded.Append('n'),
        'ə' => folded.Append('a'),
        '‘' or '’' or 'ʼ' => folded.Append('\''),
        _ => folded.Append(lower.ToString()),
    };
}
