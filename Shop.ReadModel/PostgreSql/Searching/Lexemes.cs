using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// Encodes tokens as the lexemes of a <c>tsvector</c>. Our own analyzer produces the tokens, so that the result does
/// not depend on dictionaries or settings of the server.
/// </summary>
internal static class Lexemes
{
    /// <summary>Longer values are not matched as a whole. A lexeme has at most 2,046 bytes.</summary>
    private const int MaxExact = 500;

    /// <summary>
    /// The number of parts of the longest phrase that has its own lexeme. Chains of lexemes match longer phrases.
    /// </summary>
    public const int PhraseSize = 3;

    /// <summary>The level of the smallest sample.</summary>
    public const int MaxSample = 12;

    /// <summary>The level of the sample, one in 64 orders, whose orders also have marked lexemes.</summary>
    public const int MarkedSample = 6;

    private const int MaxDays = 31;
    private const int MaxMonths = 24;

    /// <summary>A value that matches as a whole. No token starts with the sign, so no prefix matches it.</summary>
    public static string? Exact(string text, string folded) => text.Length <= MaxExact ? "=" + folded : null;

    /// <summary>An order number, which is also found by its beginning. No token starts with the sign.</summary>
    public static string OfNumber(string folded) => "#" + folded;

    /// <summary>The digits of a phone number. No token starts with the sign.</summary>
    public static string OfPhone(string digits) => "+" + digits;

    /// <summary>
    /// The samples that an order is in: half of the orders are in the first one, a quarter in the second, and so on.
    /// </summary>
    public static IEnumerable<string> Samples(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        // Fibonacci hashing: the highest bits depend on all bits, however the ids were made.
        var (first, second) =
            (BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
        var hash = (first ^ second) * 0x9E3779B97F4A7C15;
        return Enumerable.Range(1, Math.Min(BitOperations.LeadingZeroCount(hash), MaxSample)).Select(Sample);
    }

    /// <summary>
    /// Marks the orders of a sample of one in 2 to the power of <paramref name="level"/>. No token starts with the sign.
    /// </summary>
    public static string Sample(int level) => "%" + level.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// A lexeme of an order of the <see cref="MarkedSample"/>, once more. With it, an estimate reads no other orders. No
    /// token starts with the sign.
    /// </summary>
    public static string Marked(string lexeme) => "~" + lexeme;

    /// <summary>The day and the month of an order. No token starts with the sign.</summary>
    public static string[] Dates(DateTime placedAt) => [Day(placedAt), Month(placedAt)];

    /// <returns>
    /// A <c>tsquery</c> for the orders of a time, and some around it; null if it is too long to name its parts.
    /// </returns>
    public static string? Within(DateTime first, DateTime last)
    {
        var days = (last.Date - first.Date).Days + 1;
        if (days is > 0 and <= MaxDays)
            return AnyOf(days, day => Day(first.Date.AddDays(day)));

        var months = (12 * (last.Year - first.Year)) + last.Month - first.Month + 1;
        var start = new DateTime(first.Year, first.Month, 1);
        return months is > 0 and <= MaxMonths ? AnyOf(months, month => Month(start.AddMonths(month))) : null;
    }

    /// <summary>
    /// A phrase of two or three parts in all spellings. Such phrases replace positions in a document that has more
    /// positions
    /// than a <c>tsvector</c> can hold. No token contains a space.
    /// </summary>
    public static IEnumerable<string> Phrases(IEnumerable<string[]> parts) => parts
        .Aggregate((firsts, nexts) => [.. firsts.SelectMany(first => nexts.Select(next => $"{first} {next}"))])
        .Select(phrase => phrase.Length <= MaxExact ? phrase : phrase[..MaxExact]);

    private static string Day(DateTime time) => time.ToString("'@'yyyyMMdd", CultureInfo.InvariantCulture);

    private static string Month(DateTime time) => time.ToString("'@'yyyyMM", CultureInfo.InvariantCulture);

    private static string AnyOf(int count, Func<int, string> date) =>
        string.Join(" | ", Enumerable.Range(0, count).Select(number => $"'{date(number)}'"));

    public static StringBuilder AppendLexeme(this StringBuilder text, string lexeme) => text
        .Append('\'')
        .Append(lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
        .Append('\'');
}
