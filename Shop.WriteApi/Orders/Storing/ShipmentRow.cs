using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders.Storing;

internal sealed class ShipmentRow : IEntityTypeConfiguration<ShipmentRow>
{
    public Guid OrderId { get; init; }

    public string Carrier { get; init; } = "";

    public string TrackingNumber { get; init; } = "";

    public DateTimeOffset ShippedAt { get; init; }

    public void Configure(EntityTypeBuilder<ShipmentRow> builder)
    {
        builder.ToTable("shipments");
        builder.HasKey(shipment => shipment.OrderId);
        builder.HasOne<OrderRow>().WithOne().HasForeignKey<ShipmentRow>(shipment => shipment.OrderId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.Property(shipment => shipment.Carrier).HasMaxLength(Limits.Carrier);
        builder.Property(shipment => shipment.TrackingNumber).HasMaxLength(Limits.TrackingNumber);
    }
}
