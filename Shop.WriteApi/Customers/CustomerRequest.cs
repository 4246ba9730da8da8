using System.ComponentModel.DataAnnotations;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Customers;

internal sealed record CustomerRequest
{
    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Email]
    public string? Email { get; init; }

    [Required, CountryCode]
    public string? Country { get; init; }
}
