using System.ComponentModel.DataAnnotations;
using Shop.Contracts;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

internal sealed record ProductAnswer(string Sku, string Name, string Category, Money Price)
{
    public static ProductAnswer Of(ProductRow product) =>
        new(product.Sku, product.Name, product.Category, new Money(product.Price, product.Currency));
}

internal sealed record ProductRequest
{
    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Text(Limits.Category)]
    public string? Category { get; init; }

    [Required]
    public PriceRequest? Price { get; init; }
}
