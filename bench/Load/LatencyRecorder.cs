using HdrHistogram;

namespace Shop.Bench.Load;

/// <summary>Latencies in microseconds with three significant digits; safe for many writers.</summary>
internal sealed class LatencyRecorder
{
    private static readonly long Highest = (long)TimeSpan.FromMinutes(1).TotalMicroseconds;
    private readonly LongConcurrentHistogram _histogram = new(1, Highest, 3);

    public void Record(TimeSpan elapsed) =>
        _histogram.RecordValue(Math.Clamp((long)elapsed.TotalMicroseconds, 1, Highest));

    public Latencies Result() => new(
        _histogram.TotalCount,
        _histogram.GetValueAtPercentile(50) / 1000.0,
        _histogram.GetValueAtPercentile(99) / 1000.0,
        _histogram.GetMaxValue() / 1000.0);
}

/// <summary>Milliseconds.</summary>
internal sealed record Latencies(long Count, double P50, double P99, double Max);
