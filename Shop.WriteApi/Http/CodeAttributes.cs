using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Orders;

namespace Shop.WriteApi.Http;

/// <summary>A country's code of ISO 3166-1 alpha-2, as two upper-case letters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CountryCodeAttribute() : RegularExpressionAttribute("^[A-Z]{2}$")
{
    public override string FormatErrorMessage(string name) =>
        "The value must be a country's two upper-case letters (ISO 3166-1 alpha-2).";
}

/// <summary>A currency of ISO 4217.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class CurrencyCodeAttribute() : RegularExpressionAttribute("^[A-Z]{3}$")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string currency && Currencies.IsKnown(currency));

    public override string FormatErrorMessage(string name) =>
        "The value must be a currency's three upper-case letters (ISO 4217).";
}

/// <summary>Enough to see that it is an e-mail address, without blanks; who owns it is not asked.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class EmailAttribute() : RegularExpressionAttribute(@"^[^@\s\x00-\x1F]+@[^@\s\x00-\x1F]+$")
{
    public override bool IsValid(object? value) =>
        value is null || (value is string { Length: <= Limits.Email } && base.IsValid(value));

    public override string FormatErrorMessage(string name) =>
        $"The value must be an e-mail address of at most {Limits.Email} characters.";
}

/// <summary>A product's SKU: it stands in paths and queries, so it keeps to what needs no escaping.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class SkuAttribute() : RegularExpressionAttribute(Allowed)
{
    public const string Allowed = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$";

    public override string FormatErrorMessage(string name) =>
        $"The value must be 1 to {Limits.Sku} letters, digits, dots, dashes or underscores.";
}
