using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.WriteApi.Http;

namespace Shop.WriteApi.Idempotency;

/// <summary>The first answer to a request with an idempotency key, written in the transaction of the command.</summary>
internal sealed class IdempotencyKeyRow : IEntityTypeConfiguration<IdempotencyKeyRow>
{
    public const string PrimaryKey = "pk_idempotency_keys";

    public string Key { get; init; } = "";

    /// <summary>SHA-256 of method, path and body: the same key for something else is a mistake.</summary>
    public byte[] RequestHash { get; init; } = [];

    public short Status { get; init; }

    public string ContentType { get; init; } = "";

    public string? ETag { get; init; }

    public string? Location { get; init; }

    public byte[] Body { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public void Configure(EntityTypeBuilder<IdempotencyKeyRow> builder)
    {
        builder.ToTable("idempotency_keys");
        builder.HasKey(answer => answer.Key).HasName(PrimaryKey);
        builder.HasIndex(answer => answer.CreatedAt);
        builder.Property(answer => answer.Key).HasMaxLength(Limits.IdempotencyKey);
        builder.Property(answer => answer.ETag).HasColumnName("etag");
    }
}
