using System.Globalization;
using System.Text;

namespace Shop.WriteApi.Http;

/// <summary>
/// Characters that nobody sees: control and format characters, among them the bidirectional ones, line and paragraph
/// separators, and the letters and marks that Unicode lists as Default_Ignorable
/// (https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point).
/// </summary>
internal static class InvisibleCharacters
{
    public static bool AreIn(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsInvisible(rune))
                return true;
        }

        return false;
    }

    /// <summary>Whether a text is in normalization form C. A text with noncharacters has no such form.</summary>
    public static bool IsNormalized(string text)
    {
        try
        {
            return text.IsNormalized();
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether nothing in a text can be seen.</summary>
    public static bool AreAll(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsWhiteSpace(rune) && !IsInvisible(rune))
                return false;
        }

        return true;
    }

    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || rune.Value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or 0x2800 or 0x3164 or 0xFFA0
            or (>= 0x180B and <= 0x180F) or 0x2065 or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8)
            or (>= 0xE0000 and <= 0xE0FFF);
}
