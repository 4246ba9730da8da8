using System.ComponentModel.DataAnnotations;
using Shop.Contracts;

namespace Shop.WriteApi.Http;

internal sealed record AddressRequest
{
    [Required, Text(Limits.Name)]
    public string? Recipient { get; init; }

    [Required, Text(Limits.Street)]
    public string? Street { get; init; }

    [Required, Text(Limits.PostalCode)]
    public string? PostalCode { get; init; }

    [Required, Text(Limits.City)]
    public string? City { get; init; }

    [Required, CountryCode]
    public string? Country { get; init; }

    public Address ToState() => new(Recipient!, Street!, PostalCode!, City!, Country!);
}

internal sealed record PriceRequest
{
    [Required, Range(0, Limits.Amount)]
    public long? Amount { get; init; }

    [Required, CurrencyCode]
    public string? Currency { get; init; }

    public Money ToMoney() => new(Amount!.Value, Currency!);
}

internal sealed record ReasonRequest : IOptionalBody
{
    [OptionalText(Limits.Reason)]
    public string? Reason { get; init; }
}

internal static class TextExtensions
{
    /// <summary>Blank stands for none.</summary>
    public static string? NullIfBlank(this string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
