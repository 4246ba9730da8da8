using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Lag;

/// <summary>
/// Measures the time from the response of the write API to a search that finds the order. The control arm is the floor:
/// one process that commits the same order with Npgsql, writes its document and searches for it. The arms take turns.
/// </summary>
internal static class LagBenchmark
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var rate = options.Rate ?? 50;
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 10 : 30));
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        var orders = await OrderLoad.CreateAsync(shop, cancellationToken);
        await using var floor = await FloorLoop.CreateAsync(shop, cancellationToken);

        await WarmUpAsync(rate, orders, floor, cancellationToken);
        var ours = new List<LagRound>();
        var theirs = new List<LagRound>();
        for (var round = 1; round <= rounds; round++)
        {
            ours.Add(await MeasureAsync(rate, seconds, orders.PlaceAndFindAsync, cancellationToken));
            theirs.Add(await MeasureAsync(rate, seconds, floor.CommitAndFindAsync, cancellationToken));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: shop p50 {ours[^1].Found.P50:0.0} p99 {ours[^1].Found.P99:0.0} ms, "
                + $"floor p50 {theirs[^1].Found.P50:0.0} p99 {theirs[^1].Found.P99:0.0} ms"));
        }

        var servers = LagServers.Given();
        var report = new Report(servers.Report, $"dotnet run -c Release --project bench -- lag --rate {rate}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{servers}; {rate} commands/s, {rounds} rounds of {seconds.TotalSeconds:0} s an arm, milliseconds, median of ")
            + "the rounds (range); CPU of the whole machine; ratio = shop ÷ floor of its round");
        report.Line();
        report.Header(
            "arm", "orders", "answered p50", "answered p99", "found p50", "found p99", "found max", "ratio p50",
            "ratio p99", "CPU ms an order");
        Write(report, "shop", ours, theirs);
        Write(report, "floor", theirs, theirs);
        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    // Until the code that runs is the optimised one, here and in the servers; code that is not could not bear the rate.
    private static async Task WarmUpAsync(
        int rate, OrderLoad orders, FloorLoop floor, CancellationToken cancellationToken)
    {
        foreach (var part in (int[])[4, 2, 1])
            await MeasureAsync(rate / part, WarmUp, orders.PlaceAndFindAsync, cancellationToken);
        await MeasureAsync(rate / 2, WarmUp / 3, floor.CommitAndFindAsync, cancellationToken);
    }

    private static async Task<LagRound> MeasureAsync(
        int rate, TimeSpan duration, Func<long, LagRecorders, Task> operation, CancellationToken cancellationToken)
    {
        var recorders = new LagRecorders();
        var cpu = CpuClock.OfMachine();
        await OpenLoop.RunAsync(rate, duration, due => operation(due, recorders), cancellationToken);
        return new LagRound(recorders.Answered.Result(), recorders.Found.Result(), CpuClock.OfMachine() - cpu);
    }

    private static void Write(Report report, string arm, List<LagRound> rounds, List<LagRound> floor) => report.Row(
        arm,
        rounds.Sum(round => round.Found.Count),
        Summary.Of(rounds.Select(round => round.Answered.P50)),
        Summary.Of(rounds.Select(round => round.Answered.P99)),
        Summary.Of(rounds.Select(round => round.Found.P50)),
        Summary.Of(rounds.Select(round => round.Found.P99)),
        Summary.Of(rounds.Select(round => round.Found.Max)),
        Summary.Of(rounds.Zip(floor, (round, other) => round.Found.P50 / other.Found.P50)),
        Summary.Of(rounds.Zip(floor, (round, other) => round.Found.P99 / other.Found.P99)),
        Summary.Of(rounds.Select(round => round.Cpu.TotalMilliseconds / round.Found.Count)));

    private sealed record LagRound(Latencies Answered, Latencies Found, TimeSpan Cpu);
}
