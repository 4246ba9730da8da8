using System.Text.RegularExpressions;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Finds phone numbers in folded texts and reduces them to the digits that all spellings have in common. Elasticsearch
/// uses the same regular expressions (orders-index.json), so they are written for Java, too. docs/search.md describes the
/// rules.
/// </summary>
internal static partial class PhoneNumbers
{
    /// <summary>The minimum number of digits without the country code and leading zeros. Shorter numbers are not recognised.</summary>
    public const int MinSignificant = 5;

    /// <summary>The minimum number of digits of an incomplete number, unless it begins with 0 or +.</summary>
    private const int MinDigits = 7;

    private const string Separators = "[ ./()-]{0,3}";

    // It begins with a plus sign, or neither within a word such as SO-2025-4711 nor within a longer row of digits.
    private const string Start =
        @"(?=[+0-9])(?:\+[ (]{0,2}|(?<![a-z0-9_]|[a-z]-|[0-9][ ./()-]{1,3}))";

    private const string NoDate = "(?!(?:(?:19|20)[0-9]{2}[-./][0-9]{1,2}[-./][0-9]{1,2}"
        + "|[0-9]{1,2}[-./][0-9]{1,2}[-./](?:19|20)[0-9]{2})(?![0-9]))";

    // Neither more digits nor a letter follow, nor the rest of a price or of a time.
    private const string End = $"(?!{Separators}[0-9]|[a-z_]|-[a-z]|[,:][0-9][0-9]?(?![0-9]))";

    /// <summary>Matches a number of 7 to 15 digits, the most that E.164 allows.</summary>
    public const string Pattern = $"{Start}{NoDate}[0-9](?>(?:{Separators}[0-9]){{6,14}}){End}";

    /// <summary>Matches a number that may be incomplete.</summary>
    private const string Beginning = $"{Start}{NoDate}[0-9](?>(?:{Separators}[0-9]){{4,14}}){End}";

    public const string Signs = "[^0-9+]+";

    /// <summary>Matches what a number begins with in some spellings only: the country code and zeros.</summary>
    /// <remarks>The country codes of one and two digits are listed as in E.164. All others have three digits.</remarks>
    public const string Prefix =
        @"^(?:(?:\+|00)(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[0-9]{3}))?0*";

    /// <summary>Captures the last ten digits of more, without zeros: 1-212-555-1234 is 212-555-1234.</summary>
    public const string Last = @"^(?=[0-9]{11})[0-9]+?0*([1-9][0-9]{0,9})\z";

    /// <summary>The phone numbers in a text.</summary>
    public static IEnumerable<PhoneNumber> In(string text)
    {
        var folded = new FoldedText(text);
        foreach (Match match in NumberRegex.Matches(folded.Text))
        {
            if (Reduce(match.Value) is { Length: > 0 } digits)
                yield return new(digits, folded.SourceStart(match.Index), folded.SourceEnd(match.Index + match.Length));
        }
    }

    /// <summary>The phone numbers that were typed, with the words that each consists of.</summary>
    /// <param name="isPrefix">Whether the last word may be incomplete.</param>
    public static IEnumerable<(Range Words, TypedNumber Number)> Typed(IReadOnlyList<string> words, bool isPrefix)
    {
        var text = string.Join(' ', words);
        var folded = new FoldedText(text);
        foreach (Match match in BeginningRegex.Matches(folded.Text))
        {
            var (start, end) = (folded.SourceStart(match.Index), folded.SourceEnd(match.Index + match.Length));
            var (first, firstStart) = WordAt(words, start);
            var (last, lastStart) = WordAt(words, end - 1);
            var isLast = isPrefix && last == words.Count - 1;
            if (!TextAnalyzer.HasWords(text[firstStart..start])
                && !TextAnalyzer.HasWords(text[end..(lastStart + words[last].Length)])
                && IsLongEnough(match.Value, isLast)
                && Reduce(match.Value) is { Length: > 0 } digits)
            {
                yield return (first..(last + 1), new(digits, isLast));
            }
        }
    }

    private static bool IsLongEnough(string number, bool isPrefix) =>
        number.Count(char.IsAsciiDigit) >= MinDigits || (isPrefix && number[0] is '+' or '0');

    private static (int Index, int Start) WordAt(IReadOnlyList<string> words, int position)
    {
        var (index, start) = (0, 0);
        while (position > start + words[index].Length)
            start += words[index++].Length + 1;
        return (index, start);
    }

    private static string[] Reduce(string number)
    {
        var digits = PrefixRegex.Replace(SignsRegex.Replace(number, ""), "");
        string[] all = LastRegex.Match(digits) is { Success: true } last ? [digits, last.Groups[1].Value] : [digits];
        return [.. all.Where(some => some.Length >= MinSignificant)];
    }

    [GeneratedRegex(Pattern)]
    private static partial Regex NumberRegex { get; }

    [GeneratedRegex(Beginning)]
    private static partial Regex BeginningRegex { get; }

    [GeneratedRegex(Signs)]
    private static partial Regex SignsRegex { get; }

    [GeneratedRegex(Prefix)]
    private static partial Regex PrefixRegex { get; }

    [GeneratedRegex(Last)]
    private static partial Regex LastRegex { get; }
}

/// <param name="Digits">Without country code and leading zeros; of more than ten digits, the last ten as well.</param>
/// <param name="Start">The start of the number in the text.</param>
/// <param name="End">The end of its characters in the text.</param>
internal readonly record struct PhoneNumber(string[] Digits, int Start, int End);

/// <summary>A phone number of a search.</summary>
/// <param name="Digits">As those of <see cref="PhoneNumber"/>. One of them has to match.</param>
/// <param name="IsPrefix">Whether it is also found by this beginning.</param>
internal sealed record TypedNumber(string[] Digits, bool IsPrefix)
{
    public bool Matches(PhoneNumber number) => Digits.Any(typed => number.Digits.Any(digits => IsPrefix
        ? digits.StartsWith(typed, StringComparison.Ordinal)
        : digits == typed));
}
