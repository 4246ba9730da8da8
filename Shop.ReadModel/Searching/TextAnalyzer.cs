using System.Text;

namespace Shop.ReadModel.Searching;

/// <summary>
/// Splits a text into words and their parts: wi-fi becomes <c>wi</c>, <c>fi</c> and <c>wifi</c>. Elasticsearch applies
/// the same rules with its own filters (orders-index.json). docs/search.md describes the rules.
/// </summary>
public static class TextAnalyzer
{
    /// <summary>Change this value with the rules, so that stores with the old tokens are rebuilt.</summary>
    public const int Version = 8;

    /// <summary>A longer word can be found only by its parts.</summary>
    private const int MaxJoined = 512;

    public static bool HasWords(string text) => Analyze(text).Count > 0;

    public static int CountWords(string text) => Analyze(text).Count(token => !token.IsJoined);

    public static List<TextToken> Analyze(string text)
    {
        var folded = new FoldedText(text);
        List<TextToken> tokens = [];
        for (var (i, position) = (0, 0); i < folded.Text.Length;)
        {
            var word = WordAt(folded, i);
            if (word.Count > 1)
                AddJoined(tokens, folded, word, position);
            foreach (var (start, end) in word)
                tokens.Add(Token(folded, folded.Text[start..end], position++, start, end));

            i = word.Count > 0 ? word[^1].End : folded.After(i);
        }

        return tokens;
    }

    private static void AddJoined(
        List<TextToken> tokens, FoldedText folded, List<(int Start, int End)> word, int position)
    {
        var joined = string.Concat(word.Select(part => folded.Text[part.Start..part.End]));
        if (joined.Length <= MaxJoined)
            tokens.Add(Token(folded, joined, position, word[0].Start, word[^1].End) with { IsJoined = true });
    }

    private static TextToken Token(FoldedText folded, string text, int position, int start, int end) => new(
        TextFolding.Plain(text), TextFolding.Expanded(text), position, folded.SourceStart(start), folded.SourceEnd(end));

    /// <returns>The parts of the word that starts at an index; empty if no word starts there.</returns>
    private static List<(int Start, int End)> WordAt(FoldedText folded, int start)
    {
        switch (folded.ClassAt(start))
        {
            case CharacterClass.Unspaced:
                return [(start, folded.Skip(folded.After(start), WordCharacters.MaxMarks))];
            case CharacterClass.Katakana:
                return KatakanaAt(folded, start);
            case CharacterClass.Letter or CharacterClass.Digit:
                return PartsAt(folded, start);
            default:
                return [];
        }
    }

    private static List<(int Start, int End)> KatakanaAt(FoldedText folded, int start)
    {
        List<(int Start, int End)> parts = [];
        while (true)
        {
            var end = folded.Skip(start, WordCharacters.MaxPart, CharacterClass.Katakana);
            parts.Add((start, end));
            if (parts.Count == WordCharacters.MaxParts || !folded.IsKatakanaDot(end))
                return parts;

            start = end + 1;
        }
    }

    private static List<(int Start, int End)> PartsAt(FoldedText folded, int start)
    {
        List<(int Start, int End)> parts = [];
        while (true)
        {
            var kind = folded.ClassAt(start);
            var end = kind is CharacterClass.Digit
                ? folded.SkipDigits(start, WordCharacters.MaxPart)
                : folded.Skip(start, WordCharacters.MaxPart, kind);
            parts.Add((start, end));
            if (parts.Count == WordCharacters.MaxParts)
                return parts;

            var next = folded.ClassAt(end);
            if (IsPart(next) && next != kind && !folded.IsSupplementaryAround(end))
                start = end;
            else if ((next is CharacterClass.Joiner && IsPart(folded.ClassAt(folded.After(end)))) || folded.IsGershayim(end))
                start = folded.After(end);
            else
                return parts;
        }
    }

    private static bool IsPart(CharacterClass kind) => kind is CharacterClass.Letter or CharacterClass.Digit;
}

/// <summary>A folded text with the source position of each character.</summary>
internal sealed class FoldedText
{
    /// <summary>The source index of each character and of the end. Null if folding moved no character.</summary>
    private readonly int[]? _sources;

    public FoldedText(string text)
    {
        if (TextFolding.FoldAscii(text) is { } same)
        {
            Text = same;
            return;
        }

        var folded = new StringBuilder(text.Length + 16);
        var sources = new List<int>(text.Length + 16);
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (index > 0 && TextFolding.IsKept(rune.Value, text[index - 1]))
                folded.Append((char)rune.Value);
            else
                folded.Append(TextFolding.Fold(rune.Value));
            while (sources.Count < folded.Length)
                sources.Add(index);

            // A lone surrogate is enumerated as U+FFFD, which has the same length.
            index += rune.Utf16SequenceLength;
        }

        sources.Add(text.Length);
        (Text, _sources) = (folded.ToString(), [.. sources]);
    }

    public string Text { get; }

    public int SourceStart(int index) => _sources?[index] ?? index;

    /// <summary>
    /// The end in the source of the characters before an index, including ignored characters after them.
    /// </summary>
    public int SourceEnd(int index)
    {
        if (_sources is null)
            return index;

        var last = _sources[index - 1];
        while (_sources[index] == last)
            index++;

        return _sources[index];
    }

    public int After(int index) => index + (char.IsHighSurrogate(Text[index]) ? 2 : 1);

    public CharacterClass ClassAt(int index) =>
        index < Text.Length && Rune.TryGetRuneAt(Text, index, out var rune)
            ? WordCharacters.ClassOf(rune)
            : CharacterClass.Separator;

    /// <summary>Whether a dot between two words of Katakana is at this index, as in ジャン・クロード.</summary>
    public bool IsKatakanaDot(int index) => index < Text.Length && Text[index] == WordCharacters.KatakanaDot
        && ClassAt(index + 1) is CharacterClass.Katakana;

    /// <summary>Whether a quotation mark within a Hebrew acronym is at this index.</summary>
    public bool IsGershayim(int index) => index < Text.Length - 1 && Text[index] == '"'
        && WordCharacters.IsHebrew(Text[index - 1]) && WordCharacters.IsHebrew(Text[index + 1]);

    public bool IsSupplementaryAround(int index) => char.IsSurrogate(Text[index - 1]) || char.IsSurrogate(Text[index]);

    /// <summary>Skips a number of characters of a class and of marks.</summary>
    public int Skip(int index, int count, CharacterClass kind = CharacterClass.Mark)
    {
        for (; count > 0 && ClassAt(index) is var next && (next == kind || next is CharacterClass.Mark); count--)
            index = After(index);

        return index;
    }

    public int SkipDigits(int index, int count)
    {
        for (; count > 0 && ClassAt(index) is CharacterClass.Digit; count--)
            index++;

        return index;
    }
}
