using OpenTelemetry.Trace;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// Begins so many traces a second at most: each of a person who tries something, a sample of a thousand under load. A
/// second's worth may come at once.
/// </summary>
internal sealed class TraceRateSampler(int perSecond, TimeProvider time) : Sampler
{
    private readonly Lock _lock = new();
    private double _left = perSecond;
    private long _seen = time.GetTimestamp();

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(TryTake() ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);

    private bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(perSecond, _left + (time.GetElapsedTime(_seen, now).TotalSeconds * perSecond));
            _seen = now;
            if (_left < 1)
                return false;

            _left--;
            return true;
        }
    }
}
