using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.WriteApi.Products;

namespace Shop.WriteApi.Persistence;

/// <summary>
/// Brings the schema up to date before the service serves. Several replicas may start at once: an advisory lock lets
/// one of them work while the others wait. A database that is away is waited for: the service is up and answers 503.
/// </summary>
internal sealed partial class DatabaseMigration(
    IServiceScopeFactory scopes, NpgsqlDataSource database, ILogger<DatabaseMigration> logger) : BackgroundService
{
    private const long Lock = 0x5348_4F50; // "SHOP"
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes once the schema is there; other background work waits for it.</summary>
    public Task Done => _done.Task;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await TryMigrateAsync(cancellationToken))
            await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        do
            await Task.Delay(RetryAfter, stoppingToken);
        while (!await TryMigrateAsync(stoppingToken));
    }

    private async Task<bool> TryMigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            _done.SetResult();
            return true;
        }
        catch (NpgsqlException exception) when (DatabaseErrors.IsUnavailable(exception))
        {
            Log.DatabaseAway(logger, exception.Message);
            return false;
        }
    }

    private async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancellationToken);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<ShopDbContext>();
            context.Database.SetCommandTimeout(TimeSpan.FromMinutes(10));
            await context.Database.MigrateAsync(cancellationToken);
            await Catalogue.SeedAsync(context, cancellationToken);
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The write database does not answer yet: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string reason);
    }
}
