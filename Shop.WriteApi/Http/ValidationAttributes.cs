using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Http;

/// <summary>
/// A text of bounded length in which something is visible and that has no U+0000, which PostgreSQL cannot store. (The JSON reader
/// already refuses unpaired surrogates.) The length counts UTF-16 code units, never fewer than the column's characters.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal class TextAttribute : StringLengthAttribute
{
    public TextAttribute(int maximumLength)
        : base(maximumLength)
    {
        MinimumLength = 1;
        ErrorMessage = $"The value must have 1 to {maximumLength} characters, must not be blank and must not contain "
            + "U+0000.";
    }

    public override bool IsValid(object? value) => value is null
        || (value is string text
            && text.Length <= MaximumLength
            && !InvisibleCharacters.AreAll(text)
            && !text.Contains('\0', StringComparison.Ordinal));
}

/// <summary>
/// A text that is compared as a whole, so that what is invisible, or another normal form, would make two out of one.
/// </summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class IdentifierAttribute : TextAttribute
{
    public IdentifierAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = $"The value must have 1 to {maximumLength} characters, must not be blank and must not contain "
            + "invisible, bidirectional or other control characters, or letters that are not composed (Unicode NFC).";

    public override bool IsValid(object? value) => base.IsValid(value)
        && (value is not string text || (!InvisibleCharacters.AreIn(text) && InvisibleCharacters.IsNormalized(text)));
}

/// <summary>Like <see cref="TextAttribute"/>, but an empty or blank text is allowed and counts as absent.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OptionalTextAttribute : StringLengthAttribute
{
    public OptionalTextAttribute(int maximumLength)
        : base(maximumLength) =>
        ErrorMessage = $"The value must have at most {maximumLength} characters and must not contain U+0000.";

    public override bool IsValid(object? value) => value is null
        || (value is string text && text.Length <= MaximumLength && !text.Contains('\0', StringComparison.Ordinal));
}

internal static class TextExtensions
{
    public static string? NullIfBlank(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

/// <summary>A product's SKU. It appears in URLs, so only characters that need no escaping are allowed.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class SkuAttribute() : WholePatternAttribute("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
{
    public override string FormatErrorMessage(string name) =>
        $"The value must have 1 to {Limits.Sku} letters, digits, dots, dashes or underscores, and must start with a "
        + "letter or digit.";
}

/// <summary>An e-mail address, checked only for an @ between texts without blanks.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailAttribute() : WholePatternAttribute(@"[^@\s\x00-\x1F]+@[^@\s\x00-\x1F]+")
{
    public override bool IsValid(object? value) => base.IsValid(value)
        && (value is not string email
            || (email.Length <= Limits.Email && !InvisibleCharacters.AreIn(email) && InvisibleCharacters.IsNormalized(email)));

    public override string FormatErrorMessage(string name) =>
        $"The value must be an e-mail address of at most {Limits.Email} characters, none of them invisible, in "
            + "composed letters (Unicode NFC).";
}

/// <summary>An import's time: from <see cref="Limits.PlacedFrom"/> on.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PlacedAtAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not DateTimeOffset time || time >= Limits.PlacedFrom;

    public override string FormatErrorMessage(string name) =>
        $"The value must not be before {Limits.PlacedFrom:yyyy-MM-dd'T'HH:mm:ss'Z'}.";
}
