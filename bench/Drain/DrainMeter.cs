using System.Diagnostics;

namespace Shop.Bench.Drain;

/// <summary>
/// Measures rate and processor time after the first tenth, so that start and warm-up of an arm are not counted.
/// </summary>
internal sealed class DrainMeter(int events, Func<TimeSpan> clientCpu, Func<Task<TimeSpan>> serverCpu)
{
    private long _from = -1;
    private long _startedAt;
    private TimeSpan _client;
    private TimeSpan _server;

    /// <summary>Records that a number of events is in the store. Not safe for concurrent callers.</summary>
    /// <returns>The result when all events are in the store, otherwise null.</returns>
    public async Task<DrainRound?> TakenAsync(long taken)
    {
        if (_from < 0 && taken >= events / 10)
        {
            (_client, _server, _from) = (clientCpu(), await serverCpu(), taken);
            _startedAt = Stopwatch.GetTimestamp();
        }

        if (taken < events)
            return null;

        var took = Stopwatch.GetElapsedTime(_startedAt);
        var measured = events - _from;
        return new(
            measured / took.TotalSeconds,
            (clientCpu() - _client).TotalMicroseconds / measured,
            (await serverCpu() - _server).TotalMicroseconds / measured);
    }
}

/// <param name="Rate">Events a second.</param>
/// <param name="ClientCpu">Microseconds an event, of the process that writes to the store.</param>
/// <param name="ServerCpu">Microseconds an event, of the store.</param>
internal sealed record DrainRound(double Rate, double ClientCpu, double ServerCpu)
{
    /// <summary>The peak memory of the process in MiB.</summary>
    public double Memory { get; init; }
}
