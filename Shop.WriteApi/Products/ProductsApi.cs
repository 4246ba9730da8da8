using Shop.WriteApi.Http.Documents;

namespace Shop.WriteApi.Products;

internal static class ProductsApi
{
    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");
        products.MapGet("", GetProducts.HandleAsync)
            .DescribeQuery<IReadOnlyList<ProductAnswer>>("The catalogue, by category and SKU", "application/json");
        products.MapPut("/{sku}", PutProduct.HandleAsync)
            .DescribeCommand<ProductAnswer>("Change a product or add it", 200, Examples.Product, 409, 412)
            .Produces<ProductAnswer>(StatusCodes.Status201Created, "application/json");
        return app;
    }
}
