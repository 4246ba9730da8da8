using System.Diagnostics;
using System.Diagnostics.Metrics;
using Shop.ReadModel;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.Projector.Telemetry;

internal sealed class ProjectorMetrics : IDisposable
{
    public static readonly ActivitySource Activities = new("Shop.Projector");

    private readonly Meter _meter;
    private readonly Histogram<double> _commitToSearchable;
    private readonly Histogram<long> _batchSize;
    private readonly Counter<long> _events;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _storeFailures;
    private readonly Counter<long> _sessionFailures;
    private readonly Counter<long> _differences;
    private readonly Counter<long> _rebuilds;

    public ProjectorMetrics(IMeterFactory meters, TimeProvider time)
    {
        (Projected, Searchable) = (new(time), new(time));
        _meter = meters.Create("Shop.Projector");
        _commitToSearchable = _meter.CreateHistogram<double>("shop.projector.commit_to_searchable", "s",
            "From an event's commit until a search finds the order in that version");
        _batchSize = _meter.CreateHistogram<long>("shop.projector.batch_size", "{event}", "Events in a batch");
        _events = _meter.CreateCounter<long>("shop.projector.events", "{event}", "Events handled");
        _conflicts = _meter.CreateCounter<long>("shop.projector.version_conflicts", "{document}",
            "Documents of which the store had the same or a newer version");
        _storeFailures = _meter.CreateCounter<long>("shop.projector.store_failures", "{failure}",
            "Writes that the read store rejected or did not respond to");
        _sessionFailures = _meter.CreateCounter<long>("shop.projector.session_failures", "{failure}",
            "Consumer sessions that failed or lost their partitions");
        _differences = _meter.CreateCounter<long>("shop.projector.reconciliation_differences", "{document}",
            "Documents that a reconciliation found different from the write database");
        _rebuilds = _meter.CreateCounter<long>("shop.projector.rebuilds", "{rebuild}",
            "Rebuilds and rollbacks that have ended, by outcome");
    }

    /// <summary>When the store had taken recent events.</summary>
    public RecentEvents Projected { get; }

    /// <summary>When a search found recent events.</summary>
    public RecentEvents Searchable { get; }

    public void BecameSearchable(Guid? orderId, long? version, TimeSpan sinceCommit)
    {
        _commitToSearchable.Record(sinceCommit.TotalSeconds);
        Add(Searchable, orderId, version, sinceCommit);
    }

    public void WasProjected(Guid? orderId, long? version, TimeSpan sinceCommit) =>
        Add(Projected, orderId, version, sinceCommit);

    public void Batch(int events)
    {
        _batchSize.Record(events);
        _events.Add(events);
    }

    public void Conflict() => _conflicts.Add(1);

    public void StoreFailed() => _storeFailures.Add(1);

    public void SessionFailed() => _sessionFailures.Add(1);

    public void Differences(long documents) => _differences.Add(documents);

    public void RebuildEnded(RebuildOutcome outcome) =>
        _rebuilds.Add(1, new KeyValuePair<string, object?>("outcome", outcome.ToString()));

    /// <param name="read">Returns null to report nothing.</param>
    public void Observe(string name, string unit, string description, Func<double?> read) =>
        _meter.CreateObservableGauge(
            $"shop.projector.{name}",
            () => read() is { } value ? [new Measurement<double>(value)] : Array.Empty<Measurement<double>>(),
            unit, description);

    public void Dispose() => _meter.Dispose();

    private static void Add(RecentEvents recent, Guid? orderId, long? version, TimeSpan sinceCommit)
    {
        if (orderId is { } id && version is { } known)
            recent.Add(id, known, sinceCommit);
    }
}
