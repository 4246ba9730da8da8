using System.Globalization;
using System.Text;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Words by the rules of https://unicode.org/reports/tr29/#Word_Boundaries, as Elasticsearch's <c>standard</c>
/// tokenizer finds them: letters and digits with what joins them (<c>o'brien</c>, <c>1,299.50</c>), an ideograph each.
/// </summary>
public static class TextTokenizer
{
    /// <summary>A longer word is cut into several, as Elasticsearch does.</summary>
    private const int MaxTokenLength = 255;

    private enum Class
    {
        Break,
        Letter,
        Digit,
        Ideograph,
        Connector,
        Mark,
        MidLetter,
        MidDigit,
        MidBoth,
    }

    public static IEnumerable<TextToken> Tokenize(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var (first, width) = ClassAt(text, start);
            var end = first switch
            {
                Class.Ideograph => SkipMarks(text, start + width),
                Class.Letter or Class.Digit or Class.Connector => EndOfWord(text, start),
                _ => start,
            };
            if (end > start && HasLetterOrDigit(text, start, end)
                && TextFolding.Fold(text[start..end]) is { Length: > 0 } folded)
            {
                yield return new(start, end - start, folded);
            }

            start = Math.Max(end, start + width);
        }
    }

    private static int EndOfWord(string text, int start)
    {
        var end = start;
        var last = Class.Break;
        while (end < text.Length && end - start < MaxTokenLength)
        {
            var (current, width) = ClassAt(text, end);
            if (current is Class.Letter or Class.Digit or Class.Connector)
                last = current;
            else if (current is not Class.Mark && !Joins(text, last, current, end + width))
                break;

            end += width;
        }

        return end;
    }

    // A full stop belongs to a word only between two letters or two digits, a comma only between two digits.
    private static bool Joins(string text, Class before, Class joint, int next)
    {
        var joined = joint switch
        {
            Class.MidBoth => before,
            Class.MidLetter => Class.Letter,
            Class.MidDigit => Class.Digit,
            _ => Class.Break,
        };
        return joined is Class.Letter or Class.Digit
            && before == joined
            && next < text.Length
            && ClassAt(text, next).Class == joined;
    }

    private static int SkipMarks(string text, int end)
    {
        while (end < text.Length && ClassAt(text, end) is (Class.Mark, var width))
            end += width;

        return end;
    }

    private static bool HasLetterOrDigit(string text, int start, int end)
    {
        for (var i = start; i < end;)
        {
            var (current, width) = ClassAt(text, i);
            if (current is Class.Letter or Class.Digit or Class.Ideograph)
                return true;

            i += width;
        }

        return false;
    }

    private static (Class Class, int Width) ClassAt(string text, int index)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out var width);
        return (ClassOf(rune), width);
    }

    private static Class ClassOf(Rune rune) => rune.Value switch
    {
        '.' or '\'' or '‘' or '’' or '․' or '﹒' or '＇' or '．' => Class.MidBoth,
        ':' or '·' or '‧' or '︓' or '﹕' or '：' => Class.MidLetter,
        ',' or ';' or '،' or '٬' or '﹐' or '﹔' or '，' or '；' => Class.MidDigit,
        (>= 0x3041 and <= 0x3096) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF)
            or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF) => Class.Ideograph,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.LetterNumber
                => Class.Letter,
            UnicodeCategory.DecimalDigitNumber => Class.Digit,
            UnicodeCategory.ConnectorPunctuation => Class.Connector,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format => Class.Mark,
            _ => Class.Break,
        },
    };
}
