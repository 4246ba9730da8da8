using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Shop.Bench.Hosting;

namespace Shop.Bench.Rebuild;

internal static class RebuildArm
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the orders are in the write database and the read store is up to date.</summary>
    public static async Task WaitUntilFilledAsync(ShopProcess shop, int orders, CancellationToken cancellationToken)
    {
        while (await CountAsync(shop, cancellationToken) < orders || await LagAsync(shop, cancellationToken) > 0)
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
    }

    /// <returns>The number of orders.</returns>
    public static async Task<long> RebuildAsync(ShopProcess shop, CancellationToken cancellationToken)
    {
        using var started = await shop.Projector.PostAsync(
            new Uri("/rebuild", UriKind.Relative), content: null, cancellationToken);
        started.EnsureSuccessStatusCode();
        while (true)
        {
            var status = await shop.Projector.GetFromJsonAsync<JsonElement>("/rebuild", cancellationToken);
            if (!status.GetProperty("isRunning").GetBoolean())
            {
                var last = status.GetProperty("last");
                return last.GetProperty("outcome").GetString() == "completed"
                    ? last.GetProperty("orders").GetInt64()
                    : throw new InvalidOperationException($"The rebuild was not completed: {last}");
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    /// <param name="write">Returns the number of orders that it wrote.</param>
    public static async Task<RebuildRound> MeasureAsync(Func<Task<long>> write, Traffic? traffic)
    {
        using var stop = new CancellationTokenSource();
        var running = traffic?.RunAsync(stop.Token) ?? Task.CompletedTask;
        var (cpu, watch) = (CpuClock.OfMachine(), Stopwatch.StartNew());
        var orders = await write();
        var (took, used) = (watch.Elapsed, CpuClock.OfMachine() - cpu);
        await stop.CancelAsync();
        await running;
        return new(
            orders / took.TotalSeconds, used.TotalMicroseconds / orders, traffic?.Reads ?? 0, traffic?.FailedReads ?? 0);
    }

    private static async Task<int> CountAsync(ShopProcess shop, CancellationToken cancellationToken)
    {
        var lines = await shop.WriteApi.GetStringAsync("/internal/orders/versions", cancellationToken);
        return lines.Count(character => character == '\n');
    }

    private static async Task<long> LagAsync(ShopProcess shop, CancellationToken cancellationToken)
    {
        var status = await shop.Projector.GetFromJsonAsync<JsonElement>("/status", cancellationToken);
        var isSettled = status.GetProperty("partitions").EnumerateArray()
            .All(partition => partition.GetProperty("lagEvents").ValueKind == JsonValueKind.Number)
            && !status.GetProperty("reconciliation").GetProperty("isRunning").GetBoolean();
        return isSettled ? status.GetProperty("lag").GetProperty("events").GetInt64() : long.MaxValue;
    }
}
