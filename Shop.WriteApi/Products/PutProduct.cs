using System.Text.RegularExpressions;
using Shop.WriteApi.Http;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Products;

/// <summary>Adds a product or changes it; orders keep the name and price that they were placed with.</summary>
internal static partial class PutProduct
{
    public static async Task<IResult> HandleAsync(
        string sku, Command<ProductRequest> command, ShopDbContext context, CancellationToken cancellationToken)
    {
        if (!SkuPattern.IsMatch(sku))
            throw RefusedException.Invalid("sku", new SkuAttribute().FormatErrorMessage("sku"));

        return await Racing.RunAsync(
            context,
            async () =>
            {
                var product = await context.Products.FindAsync([sku], cancellationToken);
                command.IfMatch.Check(product?.Version ?? 0);
                var status = product is null ? StatusCodes.Status201Created : StatusCodes.Status200OK;
                product ??= context.Products.Add(new ProductRow { Sku = sku, Version = 0 }).Entity;
                Change(product, command.Body);
                await context.SaveChangesAsync(cancellationToken);
                return Answer.Of(
                    status,
                    ProductAnswer.Of(product),
                    WireJson.Answers.ProductAnswer,
                    product.Version,
                    status == StatusCodes.Status201Created ? $"/products/{sku}" : null);
            });
    }

    private static void Change(ProductRow product, ProductRequest request)
    {
        product.Version++;
        product.Name = request.Name!;
        product.Category = request.Category!;
        (product.Price, product.Currency) = request.Price!.ToMoney();
    }

    [GeneratedRegex(SkuAttribute.Allowed)]
    private static partial Regex SkuPattern { get; }
}
