using System.Text.RegularExpressions;
using Shop.WriteApi.Database;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

/// <summary>Adds or changes a product. Orders keep the name and price that they were placed with.</summary>
internal static partial class PutProduct
{
    private const int Attempts = 2;

    public static async Task<IResult> HandleAsync(
        string sku, Command<ProductRequest> command, ShopDbContext context, CancellationToken cancellationToken)
    {
        if (!SkuPattern.IsMatch(sku))
            throw RefusedException.Invalid("sku", new SkuAttribute().FormatErrorMessage("sku"));

        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var product = await context.Set<ProductRow>().FindAsync([sku], cancellationToken);
            command.IfMatch.Check(product?.Version ?? 0);
            var isNew = product is null;
            product ??= context.Add(new ProductRow { Sku = sku, Version = 0 }).Entity;
            product.Change(command.Body);
            if (await context.TrySaveAsync(cancellationToken))
                return product.ToAnswer(isNew);
        }

        throw RefusedException.Busy();
    }

    [GeneratedRegex(SkuAttribute.Allowed)]
    private static partial Regex SkuPattern { get; }
}
