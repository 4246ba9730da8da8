using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Shop.Contracts;
using Shop.ReadModel.PostgreSql.Searching;
using Shop.ReadModel.Searching;

namespace Shop.ReadModel.PostgreSql.Writing;

/// <summary>Builds the text of a <c>tsvector</c> from the words of a document.</summary>
/// <remarks>
/// PostgreSQL stores at most 256 positions of a lexeme and no position above 16,383. It drops further positions without
/// an error (https://www.postgresql.org/docs/current/textsearch-limits.html). If a document has more, its phrases of two
/// and three parts are added as lexemes.
/// </remarks>
internal sealed class SearchVector
{
    private const int MaxPositionsOfLexeme = 255;
    private const int MaxPosition = 16_383;
    private const int MaxNumber = 100;

    /// <summary>The maximum size of a <c>tsvector</c> is 1 MB.</summary>
    private const int MaxBytes = 1_000_000;

    private static readonly Meter Meter = new("Shop.ReadModel");
    private static readonly Counter<long> Dropped = Meter.CreateCounter<long>(
        "shop.read_model.dropped_lexemes", "{lexeme}", "Lexemes of documents whose search vector is full.");

    private readonly Dictionary<string, List<(int Position, SearchWeight Weight)>> _lexemes = new(StringComparer.Ordinal);
    private readonly HashSet<(string Name, string Text)> _seen = [];
    private int _position;
    private int _bytes;
    private int _dropped;
    private bool _lacksPositions;

    private SearchVector()
    {
    }

    public static string Of(OrderDocument document)
    {
        var vector = new SearchVector();
        string[] marks = [.. Lexemes.Samples(document.Id), .. Lexemes.Dates(document.PlacedAt.UtcDateTime)];
        foreach (var mark in marks)
            vector.Add(mark);
        foreach (var field in SearchFields.Exact(document))
        {
            if (Lexemes.Exact(field.Text, TextFolding.Fold(field.Text.Trim())) is { } exact)
                vector.Add(exact, ++vector._position, field.Weight);
        }

        if (document.Number.Length <= MaxNumber)
            vector.Add(Lexemes.OfNumber(TextFolding.Fold(document.Number)));

        // Further lines with the same product add no words.
        foreach (var field in SearchFields.Texts(document))
        {
            if (vector._seen.Add((field.Name, field.Text)))
                vector.AddText(field);
        }

        if (vector._lacksPositions)
        {
            for (var size = 2; size <= Lexemes.PhraseSize; size++)
                vector.AddPhrases(size);
        }

        if (vector._dropped > 0)
            Dropped.Add(vector._dropped);
        if (marks.Contains(Lexemes.Sample(Lexemes.MarkedSample)))
            vector.AddMarked(except: marks);
        return vector.ToString();
    }

    public override string ToString()
    {
        var text = new StringBuilder(1024);
        foreach (var (lexeme, positions) in _lexemes)
        {
            text.AppendLexeme(lexeme);
            var separator = ':';
            foreach (var (position, weight) in positions)
            {
                text.Append(separator).Append(CultureInfo.InvariantCulture, $"{position}").Append((char)('A' + (int)weight));
                separator = ',';
            }

            text.Append(' ');
        }

        return text.ToString();
    }

    private void AddText(SearchField field)
    {
        var start = _position + 2; // A gap, so that no phrase matches across two fields.
        foreach (var token in TextAnalyzer.Analyze(field.Text))
        {
            _position = start + token.Position;
            Add(token.Text, _position, field.Weight);
            // A ü found as ue is less relevant than a written ue.
            if (token.Expanded is { } expanded)
                Add(expanded, _position, SearchWeight.Note);
        }

        if (!field.HasNumbers)
            return;

        // Another spelling counts the same in every field.
        foreach (var digits in PhoneNumbers.In(field.Text).SelectMany(number => number.Digits))
            Add(Lexemes.OfPhone(digits), start, SearchWeight.Note);
    }

    private void AddPhrases(int size)
    {
        foreach (var (_, text) in _seen)
        {
            string[][] parts =
            [
                .. TextAnalyzer.Analyze(text).Where(token => !token.IsJoined).Select(token => token.Spellings),
            ];
            for (var end = size; end <= parts.Length; end++)
            {
                foreach (var phrase in Lexemes.Phrases(parts[(end - size)..end]))
                    Add(phrase);
            }
        }
    }

    // Only an estimate becomes less certain if they have no room.
    private void AddMarked(string[] except)
    {
        foreach (var lexeme in _lexemes.Keys.Except(except).ToList())
            Add(Lexemes.Marked(lexeme));
    }

    private void Add(string lexeme, int position, SearchWeight weight)
    {
        if (Add(lexeme) is not { } positions)
            return;

        if (positions.Count == MaxPositionsOfLexeme || position > MaxPosition || _bytes >= MaxBytes)
        {
            _lacksPositions = true;
            return;
        }

        positions.Add((position, weight));
        _bytes += sizeof(ushort);
    }

    private List<(int Position, SearchWeight Weight)>? Add(string lexeme)
    {
        if (_lexemes.TryGetValue(lexeme, out var positions))
            return positions;

        // Aligned, including the number of positions.
        var bytes = Encoding.UTF8.GetByteCount(lexeme) + (2 * sizeof(ushort));
        if (_bytes + bytes > MaxBytes)
        {
            _dropped++;
            return null;
        }

        _bytes += bytes;
        return _lexemes[lexeme] = [];
    }
}
