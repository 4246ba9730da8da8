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
    /// A phrase of two or three parts in all spellings. Such phrases replace positions in a document that has more
    /// positions
    /// than a <c>tsvector</c> can hold. No token contains a space.
    /// </summary>
    public static IEnumerable<string> Phrases(IEnumerable<string[]> parts) => parts
        .Aggregate((firsts, nexts) => [.. firsts.SelectMany(first => nexts.Select(next => $"{first} {next}"))])
        .Select(phrase => phrase.Length <= MaxExact ? phrase : phrase[..MaxExact]);

    public static StringBuilder AppendLexeme(this StringBuilder text, string lexeme) => text
        .Append('\'')
        .Append(lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
        .Append('\'');
}
