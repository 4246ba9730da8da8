using System.Globalization;
using System.Text;

namespace Shop.ReadModel.Searching;

internal enum CharacterClass
{
    Separator,
    Letter,
    Digit,

    /// <summary>A combining mark, which belongs to the letter before it.</summary>
    Mark,
    Katakana,

    /// <summary>A letter of a script that is written without spaces between words. Each letter is a word.</summary>
    Unspaced,

    /// <summary>A sign that can join two parts into one word, as in wi-fi, o'brien and usb_c.</summary>
    Joiner,
}

/// <summary>
/// Defines which characters of folded text form words, for our analyzer and Elasticsearch's tokenizer.
/// </summary>
internal static class WordCharacters
{
    /// <summary>The maximum length of a part, in characters. A longer one is split.</summary>
    public const int MaxPart = 255;

    /// <summary>The maximum number of parts of a word. A word with more is split.</summary>
    public const int MaxParts = 8;

    public const int MaxMarks = 30;

    /// <summary>The word delimiter filter finds no boundary between these and digits.</summary>
    private const string Supplementary = @"[\x{10000}-\x{10FFFF}]";

    private const string Joiners = "'.,:/&+·";

    public const char KatakanaDot = '・';

    private const string Hebrew = @"[\x{5D0}-\x{5EA}]";

    // .NET has no property for a character's script.
    private static readonly (int First, int Last)[] Katakana = [(0x30A1, 0x30FF), (0x31F0, 0x31FF)];

    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), // Thai, Lao
        (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F), // Myanmar
        (0x1780, 0x17FF), (0x1950, 0x19DF), (0x1A20, 0x1AAF), (0xAA80, 0xAADF), // Khmer, Tai
        (0x3005, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B), (0x3041, 0x309F), // Hiragana
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF), // Han
    ];

    /// <summary>A Java regular expression that matches words.</summary>
    public static string Pattern
    {
        get
        {
            // Possessive quantifiers, and the most frequent letters and words first: this is the slowest part of
            // indexing.
            var unspaced = $@"[{Set(Unspaced)}&&[\p{{L}}\p{{Nl}}]]";
            var katakana = $@"[{Set(Katakana)}&&\p{{L}}]";
            var words = $@"{katakana}[{katakana}\p{{M}}]{{0,{MaxPart - 1}}}+";
            var letter = $@"[a-z[\p{{L}}&&[^{Set(Unspaced)}{Set(Katakana)}]]]";
            var letters = $@"{letter}[{letter}\p{{M}}]{{0,{MaxPart - 1}}}+";
            var digits = $"[0-9]{{1,{MaxPart}}}+";
            var more = $@"[\p{{Pd}}\p{{Pc}}{Joiners}](?:{letters}|{digits})"
                + $@"|(?<={Hebrew})""(?={Hebrew}){letters}"
                + $@"|(?<=[0-9])(?!{Supplementary}){letters}"
                + $@"|(?<![0-9\x{{DC00}}-\x{{DFFF}}\x{{10000}}-\x{{10FFFF}}]){digits}";
            return $@"(?:{letters}|{digits})(?:{more}){{0,{MaxParts - 1}}}+|{unspaced}\p{{M}}{{0,{MaxMarks}}}+"
                + $@"|{words}(?:{KatakanaDot}{words}){{0,{MaxParts - 1}}}+";
        }
    }

    public static bool IsHebrew(char c) => c is >= 'א' and <= 'ת';

    public static CharacterClass ClassOf(Rune rune)
    {
        if (rune.IsAscii)
            return OfAscii((char)rune.Value);

        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter:
                return rune.Value < 0x0E00 ? CharacterClass.Letter
                    : TextFolding.Contains(Unspaced, rune.Value) ? CharacterClass.Unspaced
                    : TextFolding.Contains(Katakana, rune.Value) ? CharacterClass.Katakana
                    : CharacterClass.Letter;
            case UnicodeCategory.LetterNumber when TextFolding.Contains(Unspaced, rune.Value):
                return CharacterClass.Unspaced;
            case UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark:
                return CharacterClass.Mark;
            case UnicodeCategory.DashPunctuation or UnicodeCategory.ConnectorPunctuation:
                return CharacterClass.Joiner;
            default:
                return rune.Value == '·' ? CharacterClass.Joiner : CharacterClass.Separator;
        }
    }

    private static CharacterClass OfAscii(char c) =>
        char.IsAsciiLetter(c) ? CharacterClass.Letter
        : char.IsAsciiDigit(c) ? CharacterClass.Digit
        : c is '-' or '_' || Joiners.Contains(c, StringComparison.Ordinal) ? CharacterClass.Joiner
        : CharacterClass.Separator;

    private static string Set((int First, int Last)[] ranges) => string.Concat(
        ranges.Select(range => $@"\x{{{range.First:X}}}-\x{{{range.Last:X}}}"));
}
