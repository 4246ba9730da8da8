using System.Text;

namespace Shop.ReadModel.PostgreSql.Searching;

/// <summary>
/// How a <c>tsvector</c> holds the tokens of a document. They are our own, so that no dictionary or setting of a server
/// decides what is found.
/// </summary>
internal static class Lexemes
{
    /// <summary>A longer value is not matched as a whole. A lexeme holds at most 2,046 bytes.</summary>
    private const int MaxExact = 500;

    /// <summary>The parts of the longest phrase that is a lexeme of its own. Longer ones are found by chains of them.</summary>
    public const int PhraseSize = 3;

    /// <summary>A value that matches as a whole. No token starts with the sign, so no prefix finds it.</summary>
    public static string? Exact(string text, string folded) => text.Length <= MaxExact ? "=" + folded : null;

    /// <summary>
    /// A phrase of two or three parts in all spellings. Such phrases stand for the positions in a document with more positions than a <c>tsvector</c> holds. No token contains a space.
    /// </summary>
    public static IEnumerable<string> Phrases(IEnumerable<string[]> parts) => parts
        .Aggregate((firsts, nexts) => [.. firsts.SelectMany(first => nexts.Select(next => $"{first} {next}"))])
        .Select(phrase => phrase.Length <= MaxExact ? phrase : phrase[..MaxExact]);

    public static StringBuilder AppendLexeme(this StringBuilder text, string lexeme) => text
        .Append('\'')
        .Append(lexeme.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal))
        .Append('\'');
}
