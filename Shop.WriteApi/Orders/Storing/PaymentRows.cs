using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Orders.Storing;

internal sealed class PaymentRow : IEntityTypeConfiguration<PaymentRow>
{
    public Guid OrderId { get; init; }

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public string Method { get; init; } = "";

    public string Reference { get; init; } = "";

    public DateTimeOffset PaidAt { get; init; }

    public void Configure(EntityTypeBuilder<PaymentRow> builder)
    {
        builder.ToTable("payments", table => table.HasCheckConstraint("ck_payments_amount", "amount >= 0"));
        builder.HasKey(payment => payment.OrderId);
        builder.HasOne<OrderRow>().WithOne().HasForeignKey<PaymentRow>(payment => payment.OrderId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.Property(payment => payment.Currency).HasMaxLength(Limits.Currency);
        builder.Property(payment => payment.Method).HasMaxLength(Limits.Method);
        builder.Property(payment => payment.Reference).HasMaxLength(Limits.Reference);
    }
}

/// <summary>One giving back, whole or part, by the version of the event that tells of it.</summary>
internal sealed class RefundRow : IEntityTypeConfiguration<RefundRow>
{
    public Guid OrderId { get; init; }

    public long Version { get; init; }

    public long Amount { get; init; }

    public string Currency { get; init; } = "";

    public string? Reason { get; init; }

    public DateTimeOffset RefundedAt { get; init; }

    public void Configure(EntityTypeBuilder<RefundRow> builder)
    {
        builder.ToTable("refunds", table => table.HasCheckConstraint("ck_refunds_amount", "amount >= 1"));
        builder.HasKey(refund => new { refund.OrderId, refund.Version });
        builder.HasOne<PaymentRow>().WithMany().HasForeignKey(refund => refund.OrderId)
            .OnDelete(DeleteBehavior.Restrict);
        builder.Property(refund => refund.Currency).HasMaxLength(Limits.Currency);
        builder.Property(refund => refund.Reason).HasMaxLength(Limits.Reason);
    }
}
