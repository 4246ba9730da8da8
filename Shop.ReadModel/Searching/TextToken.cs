namespace Shop.ReadModel.Searching;

/// <summary>A word of a text, or a part of one, as it is compared.</summary>
/// <param name="Text">Folded, with ü as u.</param>
/// <param name="Expanded">Folded, with ü as ue; null if there is no such letter.</param>
/// <param name="Position">Its number among the parts of the text. Parts that follow each other make a phrase.</param>
/// <param name="Start">Where it starts in the text that was analyzed.</param>
/// <param name="End">Where the characters that it was made of end.</param>
/// <param name="IsJoined">Whether it is all parts of one word written together, at the position of the first.</param>
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
