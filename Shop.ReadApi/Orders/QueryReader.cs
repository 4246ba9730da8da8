using System.Diagnostics.CodeAnalysis;

namespace Shop.ReadApi.Orders;

internal delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>
/// Reads values of a query string. What does not fit is noted under its parameter and reading goes on, so that a
/// caller learns of all mistakes at once. An empty value is the same as none.
/// </summary>
internal sealed class QueryReader
{
    private const int MaxValues = 100;

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>What was wrong, by parameter.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public void Refuse(string parameter, string reason) =>
        _errors[parameter] = [.. _errors.GetValueOrDefault(parameter) ?? [], reason];

    public T? One<T>(string parameter, string? text, TryParse<T> parse, string expected)
    {
        if (string.IsNullOrEmpty(text))
            return default;
        if (parse(text, out var value))
            return value;

        Refuse(parameter, expected);
        return default;
    }

    public IReadOnlyList<T> Many<T>(string parameter, string[]? texts, TryParse<T> parse, string expected)
    {
        texts ??= [];
        List<T> values = [];
        foreach (var text in texts.Take(MaxValues).Where(text => text.Length > 0))
        {
            if (parse(text, out var value))
                values.Add(value);
            else
                Refuse(parameter, expected);
        }

        if (texts.Length > MaxValues)
            Refuse(parameter, $"At most {MaxValues} values.");

        return values;
    }
}
