using System.Diagnostics;

namespace Shop.Testing;

/// <summary>
/// Polls in tests until a condition holds or the deadline has passed, instead of waiting for a fixed time.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Polls until <paramref name="accept"/> accepts the result. Fails with the last result after the deadline.
    /// </summary>
    public static async Task<T> GetAsync<T>(
        Func<Task<T>> ask, Func<T, bool> accept, string what, TimeSpan? within = null)
    {
        var limit = within ?? TimeSpan.FromSeconds(60);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var began = watch.Elapsed;
            var answer = await ask();
            if (accept(answer))
                return answer;
            if (watch.Elapsed > limit)
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds:0.#} s; the last answer was: {answer}");
            // What takes long is asked less often, so that the system under test has most of the machine.
            var asked = 2 * (watch.Elapsed - began);
            var pause = TimeSpan.FromTicks(Math.Clamp(watch.Elapsed.Ticks / 20, Shortest.Ticks, Longest.Ticks));
            await Task.Delay(asked < pause ? pause : asked);
        }
    }

    public static Task HoldsAsync(Func<Task<bool>> ask, string what, TimeSpan? within = null) =>
        GetAsync(ask, holds => holds, what, within);
}
