using System.Diagnostics;

namespace Shop.Bench.Drain;

/// <summary>
/// Rate and processor time from a tenth to the end: what starts and warms up counts for neither arm.
/// </summary>
internal sealed class DrainMeter(int events, Func<TimeSpan> clientCpu, Func<Task<TimeSpan>> serverCpu)
{
    private long _from = -1;
    private long _startedAt;
    private TimeSpan _client;
    private TimeSpan _server;

    /// <summary>To be called when so many events are in the store, by one caller at a time.</summary>
    /// <returns>The result, once all are.</returns>
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
    /// <summary>The most memory that the process took, in MiB.</summary>
    public double Memory { get; init; }
}
