using Microsoft.EntityFrameworkCore;
using Shop.WriteApi.Customers;
using Shop.WriteApi.Idempotency;
using Shop.WriteApi.Orders.Storing;
using Shop.WriteApi.Outbox;
using Shop.WriteApi.Products;

namespace Shop.WriteApi.Persistence;

/// <summary>
/// The write database: its whole schema, and the data of customers and products. Orders are read and written by
/// <see cref="OrderStore"/>, in one round trip each.
/// </summary>
internal sealed class ShopDbContext(DbContextOptions<ShopDbContext> options) : DbContext(options)
{
    public DbSet<CustomerRow> Customers => Set<CustomerRow>();

    public DbSet<CustomerChangeRow> CustomerChanges => Set<CustomerChangeRow>();

    public DbSet<ProductRow> Products => Set<ProductRow>();

    public DbSet<OrderRow> Orders => Set<OrderRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<IdempotencyKeyRow> IdempotencyKeys => Set<IdempotencyKeyRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ShopDbContext).Assembly);
}
