using Shop.Bench.Load;

namespace Shop.Bench.Lag;

/// <summary>Scheduled start → the write's answer, and the write's answer → found.</summary>
internal sealed class LagRecorders
{
    public LatencyRecorder Answered { get; } = new();

    public LatencyRecorder Found { get; } = new();
}
