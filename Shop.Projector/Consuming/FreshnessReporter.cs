using Microsoft.Extensions.Options;
using Shop.Projector.Projecting;
using Shop.ServiceDefaults.Background;

namespace Shop.Projector.Consuming;

/// <summary>Saves in the read store, about once a second, how complete its documents are.</summary>
internal sealed class FreshnessReporter(
    ConsumerProgress progress, BrokerProbe broker, LagDiagnosis diagnosis, ReadStore store,
    IOptions<ProjectorOptions> options, LoopServices services)
    : SupervisedLoop("freshness report", services)
{
    protected override TimeSpan Interval => options.Value.FreshnessInterval;

    protected override TimeSpan MaxRetryDelay => TimeSpan.FromSeconds(2);

    protected override async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var asOf = progress.Snapshot()
            .ToDictionary(partition => partition.Partition.Partition.Value, partition => partition.AsOf);
        if (asOf.Count == 0)
            return;

        await store.SaveFreshnessAsync(
            new(asOf, broker.Partitions, Time.GetUtcNow(), diagnosis.LimitingLink), cancellationToken);
    }
}
