using System.Diagnostics.CodeAnalysis;

namespace Shop.ReadApi.Queries;

internal delegate bool TryParse<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>
/// Reads values of a query string and collects the errors by parameter, so that a response reports all of them. An
/// empty value is the same as a missing one.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private const int MaxValues = 100;

    // The only values that can contain a comma.
    private const string Category = "category";

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Error messages by parameter.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public void Refuse(string parameter, string message) =>
        _errors[parameter] = [.. _errors.GetValueOrDefault(parameter) ?? [], message];

    /// <param name="expected">Completes "'name' must be …".</param>
    public T? One<T>(string parameter, string? text, TryParse<T> parse, string expected)
    {
        if (string.IsNullOrEmpty(text) || IsRepeated(parameter))
            return default;
        if (parse(text, out var value))
            return value;

        Refuse(parameter, MustBe(parameter, expected));
        return default;
    }

    /// <summary>Refuses a parameter with one value that is given several times.</summary>
    public bool IsRepeated(string parameter)
    {
        var isRepeated = query[parameter].Count > 1;
        if (isRepeated)
            Refuse(parameter, $"'{parameter}' must not be repeated.");
        return isRepeated;
    }

    /// <summary>Reads a parameter that is repeated, or whose values are separated by commas.</summary>
    public IReadOnlyList<T> Many<T>(string parameter, string[]? given, TryParse<T> parse, string expected)
    {
        var texts = parameter == Category
            ? given ?? []
            : [.. (given ?? []).SelectMany(text => text.Split(','))];
        List<T> values = [];
        foreach (var text in texts.Take(MaxValues).Where(text => text.Length > 0))
        {
            if (parse(text, out var value))
                values.Add(value);
            else
                Refuse(parameter, MustBe(parameter, expected));
        }

        if (texts.Length > MaxValues)
            Refuse(parameter, $"'{parameter}' may have at most {MaxValues} values.");

        return values;
    }

    private static string MustBe(string parameter, string expected) => $"'{parameter}' must be {expected}.";
}
