using System.Diagnostics;
using System.Diagnostics.Metrics;
using Shop.Projector.Consuming;
using Shop.Projector.Parking;
using Shop.ReadModel;

namespace Shop.Projector.Telemetry;

internal sealed class ProjectorMetrics : IDisposable
{
    public static readonly ActivitySource Activities = new("Shop.Projector");

    private readonly Meter _meter;
    private readonly Histogram<double> _commitToSearchable;
    private readonly Histogram<long> _batchSize;
    private readonly Counter<long> _events;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _storeFailures;
    private readonly Counter<long> _differences;
    private readonly Counter<long> _rebuilds;

    public ProjectorMetrics(IMeterFactory meters, ConsumerProgress progress, ParkedOrders parked)
    {
        _meter = meters.Create("Shop.Projector");
        _commitToSearchable = _meter.CreateHistogram<double>("shop.projector.commit_to_searchable", "s",
            "From the event's time to the store having taken it");
        _batchSize = _meter.CreateHistogram<long>("shop.projector.batch_size", "{event}", "Events in a batch");
        _events = _meter.CreateCounter<long>("shop.projector.events", "{event}", "Events handled");
        _conflicts = _meter.CreateCounter<long>("shop.projector.version_conflicts", "{document}",
            "Documents of which the store had this version or a newer one");
        _gaps = _meter.CreateCounter<long>("shop.projector.version_gaps", "{event}",
            "Versions that came without their predecessor");
        _storeFailures = _meter.CreateCounter<long>("shop.projector.store_failures", "{failure}",
            "Writes that the read store did not take");
        _differences = _meter.CreateCounter<long>("shop.projector.audit_differences", "{document}",
            "Documents that an audit found different from the write side");
        _rebuilds = _meter.CreateCounter<long>("shop.projector.rebuilds", "{rebuild}",
            "Rebuilds and rollbacks that have ended, by outcome");
        _meter.CreateObservableGauge("shop.projector.lag_events", () => progress.Lag.Events, "{event}",
            "Events in the log that the store has not taken");
        _meter.CreateObservableGauge("shop.projector.lag", () => progress.Lag.Seconds, "s",
            "Age of the moment up to which the store is complete");
        _meter.CreateObservableGauge("shop.projector.parked", () => parked.Count, "{order}", "Orders that are parked");
    }

    public void Searchable(TimeSpan sinceEvent) => _commitToSearchable.Record(sinceEvent.TotalSeconds);

    public void Batch(int events)
    {
        _batchSize.Record(events);
        _events.Add(events);
    }

    public void Conflict() => _conflicts.Add(1);

    public void Gap() => _gaps.Add(1);

    public void StoreFailed() => _storeFailures.Add(1);

    public void Differences(long documents) => _differences.Add(documents);

    public void RebuildEnded(RebuildOutcome outcome) =>
        _rebuilds.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    public void Dispose() => _meter.Dispose();
}
