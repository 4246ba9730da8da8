using Shop.Projector.Projecting;

namespace Shop.Projector.Consuming;

/// <summary>Keeps one consumer session running for as long as the service lives.</summary>
internal sealed partial class OrdersConsumer(
    IServiceProvider services, ReadStore store, LogWatch watch, TimeProvider time, ILogger<OrdersConsumer> logger)
    : BackgroundService
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await store.EnsureCreatedAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ConsumeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception);
            }

            await Task.Delay(RetryDelay, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ConsumeAsync(CancellationToken cancellationToken)
    {
        using var session = ActivatorUtilities.CreateInstance<ConsumerSession>(services);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = watch.RunAsync(session.Handle, ending.Token);
        try
        {
            await Task.Factory.StartNew(
                () => session.Run(cancellationToken),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        finally
        {
            await ending.CancelAsync();
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Consuming was interrupted; it starts again from what is committed")]
        public static partial void Interrupted(ILogger logger, Exception exception);
    }
}
