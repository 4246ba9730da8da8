using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders.Storing;

/// <summary>
/// The table of orders. The customer's data is what the order's last event said: it follows the customer's own row
/// with an event, never silently.
/// </summary>
internal sealed class OrderRow : IEntityTypeConfiguration<OrderRow>
{
    public Guid Id { get; init; }

    public string Number { get; init; } = "";

    public long Version { get; init; }

    public string Status { get; init; } = "";

    public Guid CustomerId { get; init; }

    public long CustomerVersion { get; init; }

    public string CustomerName { get; init; } = "";

    public string CustomerEmail { get; init; } = "";

    public string CustomerCountry { get; init; } = "";

    public string Currency { get; init; } = "";

    public long Total { get; init; }

    public long? Paid { get; init; }

    public long? Refunded { get; init; }

    public string Recipient { get; init; } = "";

    public string Street { get; init; } = "";

    public string PostalCode { get; init; } = "";

    public string City { get; init; } = "";

    public string Country { get; init; } = "";

    public string? Note { get; init; }

    public DateTimeOffset PlacedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public void Configure(EntityTypeBuilder<OrderRow> builder)
    {
        builder.ToTable("orders", AddChecks);
        builder.HasIndex(order => order.Number).IsUnique();
        builder.HasIndex(order => new { order.CustomerId, order.CustomerVersion });
        builder.HasOne<CustomerRow>().WithMany().HasForeignKey(order => order.CustomerId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.Property(order => order.Id).ValueGeneratedNever();
        builder.Property(order => order.CustomerName).HasMaxLength(Limits.Name);
        builder.Property(order => order.CustomerEmail).HasMaxLength(Limits.Email);
        builder.Property(order => order.CustomerCountry).HasMaxLength(Limits.Country);
        builder.Property(order => order.Currency).HasMaxLength(Limits.Currency);
        builder.Property(order => order.Recipient).HasMaxLength(Limits.Name);
        builder.Property(order => order.Street).HasMaxLength(Limits.Street);
        builder.Property(order => order.PostalCode).HasMaxLength(Limits.PostalCode);
        builder.Property(order => order.City).HasMaxLength(Limits.City);
        builder.Property(order => order.Country).HasMaxLength(Limits.Country);
        builder.Property(order => order.Note).HasMaxLength(Limits.Note);
    }

    private static void AddChecks(TableBuilder<OrderRow> table)
    {
        table.HasCheckConstraint("ck_orders_version", "version >= 1");
        table.HasCheckConstraint("ck_orders_times", "updated_at >= placed_at");
        table.HasCheckConstraint("ck_orders_total", $"total between 0 and {Limits.Amount}");
        table.HasCheckConstraint("ck_orders_currency", "currency ~ '^[A-Z]{3}$'");
        table.HasCheckConstraint("ck_orders_status",
            "status in ('placed', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')");
        table.HasCheckConstraint("ck_orders_paid",
            "case when paid is null then status in ('placed', 'cancelled') "
            + "else paid = total and status <> 'placed' end");
        table.HasCheckConstraint("ck_orders_refunded",
            "refunded is null or (paid is not null and refunded between 1 and paid)");
        table.HasCheckConstraint("ck_orders_refunded_whole",
            "status = 'cancelled' or (status = 'refunded') = (refunded is not null and refunded = paid)");
    }
}
