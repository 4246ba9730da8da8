using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.OpenApi;
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
        [Identifier(Limits.Category)] string? category,
        string? limit,
        ShopDbContext context,
        CancellationToken cancellationToken)
    {
        var count = ReadLimit(limit);
        if (!string.IsNullOrEmpty(category) && !Category.IsValid(category))
            throw RefusedException.Invalid("category", Category.FormatErrorMessage("category"));

        var products = context.Set<ProductRow>().AsNoTracking();
        if (!string.IsNullOrEmpty(category))
            products = products.Where(product => product.Category == category);
        var found = await products
            .OrderBy(product => product.Category).ThenBy(product => product.Sku)
            .Take(count)
            .ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<ProductResponse>>([.. found.Select(ProductResponse.Of)]);
    }

    // Digits only: the framework's binding also reads white space, signs and U+0000 around a number.
    private static int ReadLimit(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return DefaultLimit;
        return text.All(char.IsAsciiDigit)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
            && limit is >= 1 and <= MaxLimit
            ? limit
            : throw RefusedException.Invalid("limit", $"Must be a number from 1 to {MaxLimit}.");
    }

    /// <summary>Describes the limit as the number that it is.</summary>
    public static Task DescribeLimit(OpenApiOperation operation)
    {
        operation.Parameters!.OfType<OpenApiParameter>().Single(parameter => parameter.Name == "limit").Schema =
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{MaxLimit}" };
        return Task.CompletedTask;
    }
}
