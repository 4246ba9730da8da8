using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.WriteApi.Database;

/// <summary>Runs the migrations and gives access to the rows that features map with their configurations.</summary>
internal sealed class ShopDbContext(DbContextOptions<ShopDbContext> options) : DbContext(options)
{
    /// <returns>
    /// False if another transaction changed or added the row first. Nothing is written and nothing stays tracked, so
    /// that the caller can look again.
    /// </returns>
    public async Task<bool> TrySaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException
            || exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            ChangeTracker.Clear();
            return false;
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ShopDbContext).Assembly);
}
