using System.Diagnostics;

namespace Shop.Bench.Load;

/// <summary>Callers that send the next request after each response. Measures rates, not latencies.</summary>
internal static class ClosedLoop
{
    /// <returns>Operations done, and the time that they took together.</returns>
    public static async Task<(long Count, TimeSpan Took)> RunAsync(
        int callers, TimeSpan duration, Func<Task> operation, CancellationToken cancellationToken)
    {
        var count = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(
            async () =>
            {
                while (watch.Elapsed < duration && !cancellationToken.IsCancellationRequested)
                {
                    await operation();
                    Interlocked.Increment(ref count);
                }
            },
            cancellationToken)));
        return (count, watch.Elapsed);
    }
}
