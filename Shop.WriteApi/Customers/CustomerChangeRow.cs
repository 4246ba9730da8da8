using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.WriteApi.Customers;

/// <summary>A customer's change that has not reached all of their orders yet; written with the change itself.</summary>
internal sealed class CustomerChangeRow : IEntityTypeConfiguration<CustomerChangeRow>
{
    public Guid CustomerId { get; init; }

    /// <summary>The customer's version that the orders are to carry.</summary>
    public long CustomerVersion { get; set; }

    public DateTimeOffset RequestedAt { get; init; }

    public void Configure(EntityTypeBuilder<CustomerChangeRow> builder)
    {
        builder.ToTable("customer_changes");
        builder.HasKey(change => change.CustomerId);
        builder.HasIndex(change => change.RequestedAt);
        builder.Property(change => change.RequestedAt).HasDefaultValueSql("now()");
        builder.HasOne<CustomerRow>().WithOne().HasForeignKey<CustomerChangeRow>(change => change.CustomerId);
    }
}
