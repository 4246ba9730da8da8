using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Shop.Contracts;
using Shop.ServiceDefaults.Security;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

internal static class ProductsApi
{
    public static IHostApplicationBuilder AddProducts(this IHostApplicationBuilder builder)
    {
        builder.AddJson(ProductsJson.Wire);
        return builder;
    }

    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");
        products.MapGet("", GetProducts.HandleAsync).DescribeQuery<IReadOnlyList<ProductResponse>>(
            "The catalogue, sorted by category and SKU", "application/json")
            .AddOpenApiOperationTransformer((operation, _, _) => GetProducts.DescribeLimit(operation))
            .AllowRoles(Roles.Customer, Roles.Support, Roles.Operator);
        products.MapPut("/{sku}", PutProduct.HandleAsync)
            .DescribeCommand<ProductResponse>("Add or change a product", 200, ProductRequest.Example, 409, 412)
            .Produces<ProductResponse>(StatusCodes.Status201Created, "application/json")
            .AllowRoles(Roles.Operator);
        return app;
    }
}

internal sealed record ProductRequest
{
    public const string Example = """
        { "name": "Desk Lamp", "category": "Lighting", "price": { "amount": 4990, "currency": "EUR" } }
        """;

    [Required, Text(Limits.Name)]
    public string? Name { get; init; }

    [Required, Identifier(Limits.Category)]
    public string? Category { get; init; }

    [Required]
    public PriceRequest? Price { get; init; }
}

internal sealed record PriceRequest
{
    [Required, Range(0, Limits.Amount)]
    public long? Amount { get; init; }

    [Required, CurrencyCode]
    public string? Currency { get; init; }

    public Money ToMoney() => new(Amount!.Value, Currency!);
}

internal sealed record ProductResponse(string Sku, string Name, string Category, Money Price)
{
    public static ProductResponse Of(ProductRow product) =>
        new(product.Sku, product.Name, product.Category, new Money(product.Price, product.Currency));
}

internal static class ProductCodes
{
    public const string NotFound = "product.not-found";

    public static RefusedException IsNotFound(string sku) =>
        RefusedException.NotFound(NotFound, $"There is no product {sku}.");
}

[JsonSerializable(typeof(ProductRequest))]
[JsonSerializable(typeof(ProductResponse))]
[JsonSerializable(typeof(IReadOnlyList<ProductResponse>))]
internal sealed partial class ProductsJson : JsonSerializerContext
{
    public static ProductsJson Wire { get; } = new(HttpJson.CreateOptions());
}
