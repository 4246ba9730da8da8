using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Commands;

/// <summary>
/// Placing orders over HTTP beside the same rows written in one batch. Processor time counts the write API and the
/// write database on one side, this process and the write database on the other; the load generator's own is left out.
/// </summary>
internal static class CommandsBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 5 : 15));
        var rounds = options.Quick ? 2 : 5;
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        var load = await OrderLoad.CreateAsync(shop, cancellationToken);
        await using var writer = RowWriter.Create(shop, load);
        var (service, database) = (ShopProcess.ProcessOf("Shop.WriteApi"), shop.Postmaster("orders"));

        var report = new Report("commands", "dotnet run -c Release --project bench -- commands");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} rounds of {seconds.TotalSeconds:0} s an arm, median of the rounds (range); ratio = batch ÷ shop by CPU, shop ÷ batch by rate"));
        report.Line();
        report.Header("callers", "arm", "commands/s", "CPU µs a command", "ratio by CPU", "ratio by rate", "write API MiB");
        foreach (var callers in (int[])[16, 64])
        {
            var (ours, theirs) = (new List<Round>(), new List<Round>());
            for (var round = 0; round <= rounds; round++)
            {
                var shopRound = await MeasureAsync(callers, seconds, load.PlaceAsync, service, database, cancellationToken);
                var batchRound = await MeasureAsync(
                    callers, seconds, writer.WriteAsync, Environment.ProcessId, database, cancellationToken);
                if (round == 0)
                    continue; // Both have compiled and filled their pools by now.
                ours.Add(shopRound with { Memory = CpuClock.Memory(service) });
                theirs.Add(batchRound);
            }

            Write(report, callers, ours, theirs);
        }

        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task<Round> MeasureAsync(
        int callers, TimeSpan duration, Func<Task> operation, int worker, int database, CancellationToken cancellationToken)
    {
        var before = CpuClock.Of(worker) + CpuClock.OfTree(database);
        var (count, took) = await ClosedLoop.RunAsync(callers, duration, operation, cancellationToken);
        var cpu = CpuClock.Of(worker) + CpuClock.OfTree(database) - before;
        return new Round(count / took.TotalSeconds, cpu.TotalMicroseconds / count, 0);
    }

    private static void Write(Report report, int callers, List<Round> ours, List<Round> theirs)
    {
        var pairs = ours.Zip(theirs).ToList();
        report.Row(
            callers, "shop", Summary.Of(ours.Select(round => round.Rate)), Summary.Of(ours.Select(round => round.Cpu)),
            Summary.Of(pairs.Select(pair => pair.Second.Cpu / pair.First.Cpu)),
            Summary.Of(pairs.Select(pair => pair.First.Rate / pair.Second.Rate)),
            Summary.Of(ours.Select(round => round.Memory)));
        report.Row(
            callers, "batch", Summary.Of(theirs.Select(round => round.Rate)),
            Summary.Of(theirs.Select(round => round.Cpu)), "1", "1", "–");
    }

    private sealed record Round(double Rate, double Cpu, double Memory);
}
