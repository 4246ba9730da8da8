using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Shop.ReadModel;

/// <summary>Creates or verifies the store when a service starts, and again until the store answers.</summary>
internal sealed partial class ReadStoreInitializer(
    IOrderIndex index, TimeProvider time, ILogger<ReadStoreInitializer> logger) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await index.EnsureCreatedAsync(stoppingToken);
                return;
            }
            catch (ReadStoreUnavailableException exception)
            {
                Log.NotYet(logger, exception.Message);
                await Task.Delay(RetryAfter, time, stoppingToken);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The read store is not there yet: {Reason}")]
        public static partial void NotYet(ILogger logger, string reason);
    }
}
