using Npgsql;
using Shop.WriteApi.Database;

namespace Shop.WriteApi.Customers;

/// <summary>Works off <see cref="CustomerChanges"/>: when woken, and now and then for what others left.</summary>
internal sealed partial class CustomerChangesWorker(
    CustomerChanges changes, DatabaseMigration migration, ILogger<CustomerChangesWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migration.Done.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await changes.ApplyNextBatchAsync(stoppingToken))
                {
                }
            }
            catch (NpgsqlException exception)
            {
                Log.BatchFailed(logger, exception.Message);
            }

            await changes.WaitAsync(Pause, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A batch of customers' changes failed and will be tried again: {Reason}")]
        public static partial void BatchFailed(ILogger logger, string reason);
    }
}
