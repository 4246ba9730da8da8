using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// An order's timeline, kept for ever where the outbox is pruned. Its key decides between two commands that race: both
/// would add the same version, so one of them fails as a whole.
/// </summary>
internal sealed class OrderEventRow : IEntityTypeConfiguration<OrderEventRow>
{
    public const string Key = "pk_order_events";

    public Guid OrderId { get; init; }

    public long Version { get; init; }

    /// <summary>The middle of the event's type: placed, paid, lines-changed, …</summary>
    public string Type { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    public void Configure(EntityTypeBuilder<OrderEventRow> builder)
    {
        builder.ToTable("order_events", table =>
            table.HasCheckConstraint("ck_order_events_version", "version >= 1"));
        builder.HasKey(happened => new { happened.OrderId, happened.Version }).HasName(Key);
        builder.HasOne<OrderRow>().WithMany().HasForeignKey(happened => happened.OrderId)
            .OnDelete(DeleteBehavior.Restrict);
    }
}
