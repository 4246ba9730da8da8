using Npgsql;
using Shop.WriteApi.Database;
using Shop.WriteApi.Time;

namespace Shop.WriteApi.Idempotency;

/// <summary>Deletes expired keys, some at a time, so that no delete holds locks for long.</summary>
internal sealed partial class IdempotencyKeyExpiry(
    NpgsqlDataSource database, DatabaseMigration migration, TimeProvider clock, ILogger<IdempotencyKeyExpiry> logger)
    : BackgroundService
{
    private const int BatchSize = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private const string Delete = """
        delete from idempotency_keys where key = any (array(
            select key from idempotency_keys where created_at < $1 order by created_at limit $2
            for update skip locked))
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.Done.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Pause, clock);
        do
        {
            try
            {
                while (await DeleteBatchAsync(stoppingToken) == BatchSize)
                {
                    // There may be more.
                }
            }
            catch (NpgsqlException exception)
            {
                Log.DeleteFailed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> DeleteBatchAsync(CancellationToken cancellationToken)
    {
        await using var batch = database.CreateBatch();
        batch.Add(Delete).With(clock.GetNow() - IdempotencyKeys.Lifetime).With(BatchSize);
        return await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Expired idempotency keys are left for the next time: {Reason}")]
        public static partial void DeleteFailed(ILogger logger, string reason);
    }
}
