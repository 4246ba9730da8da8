using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.WriteApi.Database;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

internal static class GetProducts
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1_000;
    private static readonly IdentifierAttribute Category = new(Limits.Category);

    public static async Task<Ok<IReadOnlyList<ProductResponse>>> HandleAsync(
        string? category, int? limit, ShopDbContext context, CancellationToken cancellationToken)
    {
        if (limit is < 1 or > MaxLimit)
            throw RefusedException.Invalid("limit", $"Must be between 1 and {MaxLimit}.");
        if (category is not null && !Category.IsValid(category))
            throw RefusedException.Invalid("category", Category.FormatErrorMessage("category"));

        var products = context.Set<ProductRow>().AsNoTracking();
        if (category is not null)
            products = products.Where(product => product.Category == category);
        var found = await products
            .OrderBy(product => product.Category).ThenBy(product => product.Sku)
            .Take(limit ?? DefaultLimit)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ProductResponse>>([.. found.Select(ProductResponse.Of)]);
    }
}
