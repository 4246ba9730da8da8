using Shop.WriteApi.Database;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

/// <summary>Adds or changes a product. Orders keep the name and price that they were placed with.</summary>
internal static class PutProduct
{
    private const int Attempts = 2;
    private static readonly SkuAttribute Sku = new();

    public static async Task<IResult> HandleAsync(
        [Sku] string sku, Command<ProductRequest> command, ShopDbContext context, CancellationToken cancellationToken)
    {
        if (!Sku.IsValid(sku))
            throw RefusedException.Invalid("sku", Sku.FormatErrorMessage("sku"));

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var product = await context.Set<ProductRow>().FindAsync([sku], cancellationToken);
            command.IfMatch.Check(product?.Version);
            var isNew = product is null;
            product ??= context.Add(new ProductRow { Sku = sku, Version = 0 }).Entity;
            product.Change(command.Body);
            if (await context.TrySaveAsync(cancellationToken))
                return product.ToResponse(isNew);
        }

        throw RefusedException.Busy();
    }
}
