using System.Diagnostics;

namespace Shop.Bench.Load;

/// <summary>
/// Load at a fixed rate, independent of response times. Latency is measured from the scheduled start, so that a stall
/// counts for every operation that it delays.
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
