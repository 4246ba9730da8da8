using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>A line as it was ordered; the catalogue may have moved on, or never have had it (an import).</summary>
internal sealed class OrderLineRow : IEntityTypeConfiguration<OrderLineRow>
{
    public Guid OrderId { get; init; }

    public int Position { get; init; }

    public string Sku { get; init; } = "";

    public string Name { get; init; } = "";

    public string Category { get; init; } = "";

    public int Quantity { get; init; }

    /// <summary>Minor units of the order's currency.</summary>
    public long UnitPrice { get; init; }

    public void Configure(EntityTypeBuilder<OrderLineRow> builder)
    {
        builder.ToTable("order_lines", table =>
        {
            table.HasCheckConstraint("ck_order_lines_position", $"position between 1 and {Limits.Lines}");
            table.HasCheckConstraint("ck_order_lines_quantity", $"quantity between 1 and {Limits.Quantity}");
            table.HasCheckConstraint("ck_order_lines_unit_price", $"unit_price between 0 and {Limits.Amount}");
        });
        builder.HasKey(line => new { line.OrderId, line.Position });
        builder.HasOne<OrderRow>().WithMany().HasForeignKey(line => line.OrderId).OnDelete(DeleteBehavior.Restrict);
        builder.Property(line => line.Sku).HasMaxLength(Limits.Sku);
        builder.Property(line => line.Name).HasMaxLength(Limits.Name);
        builder.Property(line => line.Category).HasMaxLength(Limits.Category);
    }
}
