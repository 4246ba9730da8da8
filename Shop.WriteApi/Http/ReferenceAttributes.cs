using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Domain;

namespace Shop.WriteApi.Http;

/// <summary>A country code of ISO 3166-1 alpha-2 in upper case, current or withdrawn.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CountryCodeAttribute() : WholePatternAttribute("[A-Z]{2}")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string country && Countries.IsKnown(country));

    public override string FormatErrorMessage(string name) =>
        "The value must be a country code of two upper-case letters (ISO 3166-1 alpha-2).";
}

/// <summary>A currency of ISO 4217.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CurrencyCodeAttribute() : WholePatternAttribute("[A-Z]{3}")
{
    /// <summary>For amounts of old orders.</summary>
    public bool AllowWithdrawn { get; init; }

    public override bool IsValid(object? value) => value is null
        || (value is string currency && (AllowWithdrawn ? Currencies.IsKnown(currency) : Currencies.IsCurrent(currency)));

    public override string FormatErrorMessage(string name) =>
        "The value must be a currency code of three upper-case letters (ISO 4217)"
        + (AllowWithdrawn ? "." : " that is in use.");
}

/// <summary>What the check of a postal code needs to know of its address.</summary>
internal interface IPostalAddress
{
    string? Country { get; }
}

/// <summary>A postal code, required in countries whose addresses need one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class PostalCodeAttribute() : StringLengthAttribute(Limits.PostalCode)
{
    private static readonly IdentifierAttribute Rule = new(Limits.PostalCode);

    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var isGiven = value is string { Length: > 0 };
        if (isGiven)
            return Rule.IsValid(value) ? ValidationResult.Success : new ValidationResult(Rule.FormatErrorMessage("value"));
        return validationContext.ObjectInstance is IPostalAddress { Country: { } country }
            && Countries.RequiresPostalCode(country)
                ? new ValidationResult($"The value is required in addresses of {country}.")
                : ValidationResult.Success;
    }
}
