namespace Shop.WriteApi.Products;

internal static class ProductsApi
{
    public static IEndpointRouteBuilder MapProducts(this IEndpointRouteBuilder app)
    {
        var products = app.MapGroup("/products").WithTags("Products");
        products.MapGet("", GetProducts.HandleAsync);
        products.MapPut("/{sku}", PutProduct.HandleAsync);
        return app;
    }
}
