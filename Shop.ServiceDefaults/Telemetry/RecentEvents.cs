namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// How long the last events of this process took to reach a point after their commit. This is for somebody who looks at
/// the system now; metrics keep the history.
/// </summary>
public sealed class RecentEvents
{
    private const int Capacity = 1_024;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Entry[] _entries = new Entry[Capacity];
    private readonly TimeProvider _time;
    private long _count;

    public RecentEvents(TimeProvider time) => _time = time;

    public void Add(Guid orderId, long version, TimeSpan sinceCommit)
    {
        var at = _time.GetTimestamp();
        lock (_lock)
            _entries[_count++ % Capacity] = new(orderId, version, sinceCommit.TotalMilliseconds, at);
    }

    public RecentEventsReport Report(Guid? orderId)
    {
        Entry[] entries;
        long count;
        lock (_lock)
        {
            count = _count;
            entries = _entries[..(int)Math.Min(count, Capacity)];
        }

        double[] took =
        [
            .. entries.Where(entry => _time.GetElapsedTime(entry.At) < Window).Select(entry => entry.Milliseconds).Order(),
        ];
        return new(
            count,
            took.Length == 0 ? null : Round(took[took.Length / 2]),
            took.Length == 0 ? null : Round(took[(int)(took.Length * 0.99)]),
            [
                .. entries.Where(entry => entry.OrderId == orderId)
                    .Select(entry => new RecentEvent(entry.Version, Round(entry.Milliseconds))),
            ]);
    }

    // Clocks of two machines differ.
    private static double Round(double milliseconds) => Math.Max(0, Math.Round(milliseconds, 1));

    private readonly record struct Entry(Guid OrderId, long Version, double Milliseconds, long At);
}

/// <param name="Count">Events since the process started.</param>
/// <param name="MedianMs">Milliseconds since the commit, over the last minute; null without events.</param>
/// <param name="P99Ms">The same at the 99th percentile.</param>
/// <param name="Order">The recent events of the order that was asked for.</param>
public sealed record RecentEventsReport(
    long Count, double? MedianMs, double? P99Ms, IReadOnlyList<RecentEvent> Order);

public sealed record RecentEvent(long Version, double SinceCommitMs);
