using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Shop.WriteApi.Outbox;

internal sealed class RelayMetrics : IDisposable
{
    public static readonly ActivitySource Activities = new("Shop.WriteApi");

    private readonly Meter _meter;
    private readonly Histogram<double> _commitToPublished;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _undeliverable;
    private readonly Counter<long> _republished;
    private readonly Counter<long> _pruned;

    public RelayMetrics(IMeterFactory meters, RelayLag lag)
    {
        _meter = meters.Create("Shop.WriteApi");
        _commitToPublished = _meter.CreateHistogram<double>("shop.relay.commit_to_published", "s",
            "From the commit in the write database to the broker's acknowledgement");
        _failures = _meter.CreateCounter<long>("shop.relay.failures", "{failure}", "Sessions that ended with an error");
        _undeliverable = _meter.CreateCounter<long>("shop.relay.undeliverable", "{event}",
            "Events that the broker can never take");
        _republished = _meter.CreateCounter<long>("shop.relay.republished", "{event}",
            "Events sent again from the table because the slot was missing or lost");
        _pruned = _meter.CreateCounter<long>("shop.relay.pruned", "{row}", "Published rows that were deleted");
        _meter.CreateObservableGauge("shop.relay.lag", () => lag.Current?.Seconds ?? 0, "s",
            "Age of the oldest position that is not confirmed");
        _meter.CreateObservableGauge("shop.relay.slot_lag", () => lag.Current?.Bytes ?? 0, "By",
            "Log that the slot holds back");
    }

    public void Published(TimeSpan sinceCommit) => _commitToPublished.Record(sinceCommit.TotalSeconds);

    public void Failed() => _failures.Add(1);

    public void Undeliverable() => _undeliverable.Add(1);

    public void Republished(long events) => _republished.Add(events);

    public void Pruned(long rows) => _pruned.Add(rows);

    public void Dispose() => _meter.Dispose();
}
