using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Lag;

/// <summary>
/// From the write's answer to the order being found by a search, beside a floor: one process that commits the same
/// order with Npgsql, writes its document itself and searches until it hits. The arms take turns.
/// </summary>
internal static class LagBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var rate = options.Rate ?? 50;
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 10 : 30));
        var rounds = options.Quick ? 2 : 5;
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        var orders = await OrderLoad.CreateAsync(shop, cancellationToken);
        await using var floor = await FloorLoop.CreateAsync(shop, cancellationToken);

        // Until the code that runs is the optimised one.
        await OpenLoop.RunAsync(rate, TimeSpan.FromSeconds(20), due => orders.PlaceAndFindAsync(due, new()), cancellationToken);
        await OpenLoop.RunAsync(rate, TimeSpan.FromSeconds(2), due => floor.CommitAndFindAsync(due, new()), cancellationToken);

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

        var report = new Report("lag", $"dotnet run -c Release --project bench -- lag --rate {rate}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{rate} commands/s, {rounds} rounds of {seconds.TotalSeconds:0} s an arm, milliseconds, median of the rounds (range)"));
        report.Line();
        report.Header("arm", "orders", "answered p50", "answered p99", "found p50", "found p99", "found max");
        Write(report, "shop", ours);
        Write(report, "floor", theirs);
        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task<LagRound> MeasureAsync(
        int rate, TimeSpan duration, Func<long, LagRecorders, Task> operation, CancellationToken cancellationToken)
    {
        var recorders = new LagRecorders();
        await OpenLoop.RunAsync(rate, duration, due => operation(due, recorders), cancellationToken);
        return new LagRound(recorders.Answered.Result(), recorders.Found.Result());
    }

    private static void Write(Report report, string arm, List<LagRound> rounds) => report.Row(
        arm,
        rounds.Sum(round => round.Found.Count),
        Summary.Of(rounds.Select(round => round.Answered.P50)),
        Summary.Of(rounds.Select(round => round.Answered.P99)),
        Summary.Of(rounds.Select(round => round.Found.P50)),
        Summary.Of(rounds.Select(round => round.Found.P99)),
        Summary.Of(rounds.Select(round => round.Found.Max)));

    private sealed record LagRound(Latencies Answered, Latencies Found);
}
