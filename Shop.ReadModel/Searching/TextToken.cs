namespace Shop.ReadModel.Searching;

/// <summary>A word of a text, or a part of a word, in the form that is compared.</summary>
/// <param name="Text">Folded, with ü as u.</param>
/// <param name="Expanded">Folded, with ü as ue; null if there is no such letter.</param>
/// <param name="Position">The number of the part in the text. Consecutive parts form a phrase.</param>
/// <param name="Start">The start of the token in the analyzed text.</param>
/// <param name="End">The end of its characters in the analyzed text.</param>
/// <param name="IsJoined">
/// Whether the token is all parts of a word written together, at the position of the first.
/// </param>
public readonly record struct TextToken(
    string Text, string? Expanded, int Position, int Start, int End, bool IsJoined = false)
{
    internal string[] Spellings => Expanded is { } expanded ? [Text, expanded] : [Text];

    internal bool Matches(string[] spellings, bool isPrefix)
    {
        foreach (var spelling in spellings)
        {
            if (isPrefix
                ? Text.StartsWith(spelling, StringComparison.Ordinal)
                    || Expanded?.StartsWith(spelling, StringComparison.Ordinal) is true
                : Text == spelling || Expanded == spelling)
            {
                return true;
            }
        }

        return false;
    }
}
