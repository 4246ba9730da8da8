using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.WriteApi.Outbox;

/// <summary>
/// An event on its way to Kafka, written in the transaction that it tells of. Commands only insert; the relay reads
/// the inserts from the WAL and prunes later.
/// </summary>
internal sealed class OutboxRow : IEntityTypeConfiguration<OutboxRow>
{
    /// <summary>For pruning and publishing again in batches; no order is promised.</summary>
    public long Id { get; init; }

    public Guid OrderId { get; init; }

    public long Version { get; init; }

    public string Type { get; init; } = "";

    /// <summary>The message's value as it goes out.</summary>
    public string Payload { get; init; } = "";

    public DateTimeOffset OccurredAt { get; init; }

    public string? Traceparent { get; init; }

    public string? Tracestate { get; init; }

    public void Configure(EntityTypeBuilder<OutboxRow> builder)
    {
        builder.ToTable("outbox");
        builder.HasKey(message => new { message.OrderId, message.Version });
        builder.HasIndex(message => message.Id).IsUnique();
        builder.Property(message => message.Id).UseIdentityAlwaysColumn();
        builder.Property(message => message.Payload).HasColumnType("json");
    }
}
