using System.ComponentModel.DataAnnotations;

namespace Shop.WriteApi.Http;

/// <summary>
/// A string that people read and PostgreSQL keeps: bounded, not blank, without U+0000 (halves of surrogate pairs never
/// get past the JSON reader). Length counts UTF-16 code units, which is never less than what the column counts.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int maximumLength)
        : base(maximumLength)
    {
        MinimumLength = 1;
        ErrorMessage = $"The value must have 1 to {maximumLength} characters, not all blank and none of them U+0000.";
    }

    public override bool IsValid(object? value) => value is null
        || (value is string text
            && text.Length <= MaximumLength
            && !string.IsNullOrWhiteSpace(text)
            && !text.Contains('\0', StringComparison.Ordinal));
}

/// <summary>As <see cref="TextAttribute"/>, but an empty or blank string stands for none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalTextAttribute : StringLengthAttribute
{
    public OptionalTextAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = $"The value must have at most {maximumLength} characters, none of them U+0000.";

    public override bool IsValid(object? value) => value is null
        || (value is string text && text.Length <= MaximumLength && !text.Contains('\0', StringComparison.Ordinal));
}
