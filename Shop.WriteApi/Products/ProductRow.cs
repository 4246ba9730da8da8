using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Domain;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Products;

internal sealed class ProductRow : IEntityTypeConfiguration<ProductRow>
{
    public string Sku { get; init; } = "";

    public long Version { get; set; } = 1;

    public string Name { get; set; } = "";

    public string Category { get; set; } = "";

    /// <summary>Minor units of <see cref="Currency"/>.</summary>
    public long Price { get; set; }

    public string Currency { get; set; } = "";

    public void Change(ProductRequest request)
    {
        Version++;
        (Name, Category) = (request.Name!, request.Category!);
        (Price, Currency) = request.Price!.ToMoney();
    }

    public JsonResponse ToResponse(bool isNew) => JsonResponse.Of(
        isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
        ProductResponse.Of(this),
        ProductsJson.Wire.ProductResponse,
        Version,
        isNew ? $"/products/{Sku}" : null);

    public void Configure(EntityTypeBuilder<ProductRow> builder)
    {
        builder.ToTable("products", table =>
        {
            table.HasCheckConstraint("ck_products_version", "version >= 1");
            table.HasCheckConstraint("ck_products_price", $"price between 0 and {Limits.Amount}");
            table.HasCheckConstraint("ck_products_currency", "currency ~ '^[A-Z]{3}$'");
        });
        builder.HasKey(product => product.Sku);
        builder.HasIndex(product => new { product.Category, product.Sku });
        builder.Property(product => product.Version).IsConcurrencyToken();
        builder.Property(product => product.Sku).HasMaxLength(Limits.Sku);
        builder.Property(product => product.Name).HasMaxLength(Limits.Name);
        builder.Property(product => product.Category).HasMaxLength(Limits.Category);
        builder.Property(product => product.Currency).HasMaxLength(Limits.Currency);
    }
}
