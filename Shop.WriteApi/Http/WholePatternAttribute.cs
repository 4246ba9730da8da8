using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace Shop.WriteApi.Http;

/// <summary>
/// A text that matches a pattern from its first to its last character. In .NET, $ also matches before a trailing line
/// feed; in the OpenAPI document, whose patterns are JavaScript's, it does not.
/// </summary>
internal abstract class WholePatternAttribute(string pattern) : RegularExpressionAttribute($"^{pattern}$")
{
    private readonly Regex _whole = new($@"\A(?:{pattern})\z", RegexOptions.CultureInvariant);

    public override bool IsValid(object? value) => value is null || (value is string text && _whole.IsMatch(text));
}
