using System.Diagnostics;

namespace Shop.Bench.Load;

/// <summary>
/// Load at a fixed rate whatever the answers take. Latency counts from the scheduled start, so that a stall shows in
/// every operation that it delayed and not only in the one that it hit.
/// </summary>
internal static class OpenLoop
{
    /// <param name="operation">Gets the <see cref="Stopwatch"/> timestamp at which it was due.</param>
    public static async Task RunAsync(
        int perSecond, TimeSpan duration, Func<long, Task> operation, CancellationToken cancellationToken)
    {
        var interval = Stopwatch.Frequency / (double)perSecond;
        var count = (int)(duration.TotalSeconds * perSecond);
        var running = new List<Task>(count);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            var due = start + (long)(i * interval);
            var wait = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken);
            running.Add(operation(due));
        }

        await Task.WhenAll(running);
    }
}
