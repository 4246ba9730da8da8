using System.Diagnostics;
using System.Diagnostics.Metrics;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.WriteApi.Outbox;

internal sealed class RelayMetrics
{
    public static readonly ActivitySource Activities = new("Shop.WriteApi");

    private readonly Histogram<double> _commitToPublished;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _interruptions;
    private readonly Counter<long> _undeliverable;
    private readonly Counter<long> _republished;
    private readonly Counter<long> _pruned;

    public RelayMetrics(IMeterFactory meters, TimeProvider time)
    {
        Recent = new(time);
        var meter = meters.Create("Shop.WriteApi");
        _commitToPublished = meter.CreateHistogram<double>("shop.relay.commit_to_published", "s",
            "From the commit in the write database to the broker's acknowledgement");
        _failures = meter.CreateCounter<long>("shop.relay.failures", "{failure}", "Sessions that could not begin");
        _interruptions = meter.CreateCounter<long>("shop.relay.interruptions", "{interruption}",
            "Active sessions that ended with an error");
        _undeliverable = meter.CreateCounter<long>("shop.relay.undeliverable", "{event}",
            "Events that are too large for the broker");
        _republished = meter.CreateCounter<long>("shop.relay.republished", "{event}",
            "Events published again from the table because the slot was missing or lost");
        _pruned = meter.CreateCounter<long>("shop.relay.pruned", "{row}", "Published rows that were deleted");
    }

    public RecentEvents Recent { get; }

    public void Published(OutboxEvent published, TimeSpan sinceCommit)
    {
        _commitToPublished.Record(sinceCommit.TotalSeconds);
        Recent.Add(published.OrderId, published.Version, sinceCommit);
    }

    public void Failed() => _failures.Add(1);

    public void Interrupted() => _interruptions.Add(1);

    public void Undeliverable() => _undeliverable.Add(1);

    public void Republished(long events) => _republished.Add(events);

    public void Pruned(long rows) => _pruned.Add(rows);
}
