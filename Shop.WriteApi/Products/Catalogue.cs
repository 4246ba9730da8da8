using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Shop.WriteApi.Persistence;

namespace Shop.WriteApi.Products;

/// <summary>The products that a new shop starts with; what is changed later stays changed.</summary>
internal static class Catalogue
{
    private const string Resource = "catalogue.tsv";

    public static async Task SeedAsync(ShopDbContext context, CancellationToken cancellationToken)
    {
        if (await context.Products.AnyAsync(cancellationToken))
            return;

        context.Products.AddRange(Read());
        await context.SaveChangesAsync(cancellationToken);
    }

    public static IEnumerable<ProductRow> Read()
    {
        using var stream = typeof(Catalogue).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            if (line.Split('\t') is [var sku, var name, var category, var price, var currency])
            {
                yield return new ProductRow
                {
                    Sku = sku,
                    Name = name,
                    Category = category,
                    Price = long.Parse(price, CultureInfo.InvariantCulture),
                    Currency = currency,
                };
            }
        }
    }
}
