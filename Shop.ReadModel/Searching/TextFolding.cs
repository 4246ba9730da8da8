using System.Globalization;
using System.Text;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Removes differences between spellings of the same text: case, accents, width, invisible characters. Each code point
/// is folded by itself, so that Elasticsearch can do the same with a <c>mapping</c> character filter (<see
/// cref="Mappings"/>). docs/search.md describes the rules.
/// </summary>
public static class TextFolding
{
    /// <summary>
    /// The combining diaeresis. It is kept after a, o and u until <see cref="Plain"/> or <see cref="Expanded"/>,
    /// because ü is also written u or ue.
    /// </summary>
    internal const char Umlaut = '\u0308';

    /// <summary>The combining ring. It is kept after a in the same way, because å is also written a or aa.</summary>
    internal const char Ring = '\u030A';

    /// <summary>Separates the two numbers of a fraction such as ½.</summary>
    private const char FractionSlash = '\u2044';

    private const int PageSize = 256;

    // Rules that .NET has no data for: letters without a decomposition, and signs that are often confused.
    private static readonly Dictionary<int, string> Special = Table(
        ("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("þ", "th"), ("ø", "o\u0308"), ("đð", "d"), ("ł", "l"), ("ħ", "h"),
        ("ı", "i"), ("ŧ", "t"), ("ŋɲ", "n"), ("əǝ", "a"), ("ɓƀ", "b"), ("ɗɖ", "d"), ("ɛ", "e"), ("ƒ", "f"), ("ɠǥ", "g"),
        ("ɨɩ", "i"), ("ƙ", "k"), ("ɔɵ", "o"), ("ƭ", "t"), ("ʉ", "u"), ("ʋ", "v"), ("ƴ", "y"), ("ƶ", "z"), ("և", "եւ"),
        // Letters that older texts write as a letter, a virama and a joiner.
        ("ൺ", "ണ്"), ("ൻ", "ന്"), ("ർ", "ര്"), ("ൽ", "ല്"), ("ൾ", "ള്"), ("ൿ", "ക്"), ("ৎ", "ত্"),
        ("ٱ", "ا"), ("ىی", "ي"), ("ک", "ك"), ("ةہە", "ه"),
        ("‘’‛ʻʼʹ՚׳״′´\u1FFD`", "'"), ("−", "-"), ("٬٫", ","), ("™℠", " "));

    /// <summary>Marks that are often left out, and invisible characters. Other marks are vowels or letters.</summary>
    private static readonly (int First, int Last)[] Ignored =
    [
        (0x0300, 0x036F), (0x0483, 0x0487), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),
        (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7), // Hebrew points
        (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4),
        (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x08CA, 0x08E1), (0x08E3, 0x08FF), // Arabic vowels, tatweel
        (0x0711, 0x0711), (0x0730, 0x074A), (0x093C, 0x093C), // Syriac points, Devanagari nukta
        (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF), // Invisible
    ];

    /// <summary>All assigned code points that fold to something else.</summary>
    private static readonly (int First, int Last)[] Folding =
        [(0x0041, 0x33FF), (0x4DC0, 0x4DFF), (0xA000, 0xD7FF), (0xF900, 0x1FFFF), (0x2F800, 0x2FA1F), (0xE0000, 0xE0FFF)];

    private static readonly string[]?[] Pages = new string[]?[(0x10FFFF / PageSize) + 1];

    /// <summary>Folds a text that is compared as a whole.</summary>
    public static string Fold(string text)
    {
        if (FoldAscii(text) is { } ascii)
            return ascii;

        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            folded.Append(Fold(rune.Value));

        return Plain(folded.ToString());
    }

    /// <summary>Replaces lone surrogates with U+FFFD, because normalization rejects them.</summary>
    internal static string WellFormed(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.ToString());

        return clean.ToString();
    }

    /// <summary>Folds a text if each character folds to exactly one; returns null for other texts.</summary>
    internal static string? FoldAscii(string text) =>
        Ascii.IsValid(text) && !text.Contains('`', StringComparison.Ordinal) ? text.ToLowerInvariant() : null;

    /// <summary>Folds one code point; empty if it is ignored.</summary>
    internal static string Fold(int codePoint)
    {
        ref var page = ref Pages[codePoint / PageSize];
        page ??= [.. Enumerable.Range(codePoint / PageSize * PageSize, PageSize).Select(Compute)];
        return page[codePoint % PageSize];
    }

    /// <summary>Whether a mark is kept after this character.</summary>
    internal static bool IsKept(int mark, char after) => mark switch
    {
        Umlaut => after is 'a' or 'o' or 'u' or 'A' or 'O' or 'U',
        Ring => after is 'a' or 'A',
        _ => false,
    };

    /// <summary>Returns folded text with ü as u and å as a.</summary>
    internal static string Plain(string folded) => HasKept(folded)
        ? folded.Replace("\u0308", "", StringComparison.Ordinal).Replace("\u030A", "", StringComparison.Ordinal)
        : folded;

    /// <summary>Returns folded text with ü as ue and å as aa; null if the text has no such letter.</summary>
    internal static string? Expanded(string folded) =>
        HasKept(folded) ? folded.Replace(Umlaut, 'e').Replace(Ring, 'a') : null;

    private static bool HasKept(string folded) => folded.AsSpan().ContainsAny(Umlaut, Ring);

    /// <summary>The folding as rules of Elasticsearch's <c>mapping</c> character filter.</summary>
    internal static IEnumerable<string> Mappings()
    {
        foreach (var letter in "aouAOU")
            yield return $"{letter}{Umlaut}=>{char.ToLowerInvariant(letter)}{Umlaut}";

        foreach (var letter in "aA")
            yield return $"{letter}{Ring}=>a{Ring}";

        foreach (var (first, last) in Folding)
        {
            for (var codePoint = first; codePoint <= last; codePoint++)
            {
                if (Rune.IsValid(codePoint) && Fold(codePoint) is var folded && folded != char.ConvertFromUtf32(codePoint))
                    yield return $"{Escape(char.ConvertFromUtf32(codePoint))}=>{Escape(folded)}";
            }
        }
    }

    private static Dictionary<int, string> Table(params ReadOnlySpan<(string From, string To)> rules)
    {
        Dictionary<int, string> table = [];
        foreach (var (from, to) in rules)
        {
            foreach (var c in from)
                table.Add(c, to);
        }

        return table;
    }

    private static string Compute(int codePoint)
    {
        if (!Rune.TryCreate(codePoint, out var rune) || (codePoint & 0xFFFE) == 0xFFFE)
            return " ";
        if (Special.TryGetValue(codePoint, out var special))
            return special;

        var folded = new StringBuilder();
        var parts = rune.ToString().Normalize(NormalizationForm.FormKD);
        if (parts.Contains(FractionSlash, StringComparison.Ordinal))
            folded.Append(' '); // 5½ is not 51/2.
        foreach (var part in parts.EnumerateRunes())
        {
            if (folded.Length == 1 && IsKept(part.Value, folded[0]))
                folded.Append((char)part.Value);
            else if (!IsIgnored(part))
                folded.Append(FoldPart(part));
        }

        return folded.ToString();
    }

    private static string FoldPart(Rune rune)
    {
        // Upper case first: ς and σ have one upper case, Σ. https://unicode.org/reports/tr44/#CaseFolding.txt
        var folded = Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune));
        if (Special.TryGetValue(folded.Value, out var special))
            return special;

        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.DecimalDigitNumber => $"{(int)Rune.GetNumericValue(rune)}",
            UnicodeCategory.DashPunctuation => "-",
            UnicodeCategory.SpaceSeparator => " ",
            _ => folded.ToString(),
        };
    }

    private static bool IsIgnored(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format || Contains(Ignored, rune.Value);

    internal static bool Contains((int First, int Last)[] ranges, int codePoint) =>
        Array.Exists(ranges, range => codePoint >= range.First && codePoint <= range.Last);

    private static string Escape(string text) => string.Concat(
        text.Select(c => char.IsAsciiLetterOrDigit(c) || char.IsLetter(c) ? $"{c}" : $"\\u{(int)c:X4}"));
}
