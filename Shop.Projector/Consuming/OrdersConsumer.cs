using Shop.Projector.Projecting;
using Shop.Projector.Telemetry;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Consuming;

/// <summary>Keeps one consumer session running. A session that fails is followed by one from the committed offsets.</summary>
internal sealed class OrdersConsumer(
    IServiceProvider provider, ReadStore store, ConsumerProgress progress, ProjectorMetrics metrics,
    LoopServices services) : SupervisedLoop("consumer session", services)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await store.EnsureCreatedAsync(cancellationToken);
        try
        {
            using var session = ActivatorUtilities.CreateInstance<ConsumerSession>(provider);
            await Task.Factory.StartNew(
                () => session.Run(cancellationToken),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.SessionFailed();
            throw;
        }
        finally
        {
            progress.Lost();
        }
    }
}
