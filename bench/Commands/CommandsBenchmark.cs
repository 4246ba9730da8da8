using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Commands;

/// <summary>
/// Compares placing orders over HTTP with writing the same rows in one batch. Processor time is that of the write API
/// and the write database, or of this process and the write database. The load generator is not counted.
/// </summary>
internal static class CommandsBenchmark
{
    // The runtime needs a few thousand commands to compile the hot code.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        if (options.Secure)
        {
            await SecureCommands.RunAsync(options, cancellationToken);
            return;
        }

        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        var load = await OrderLoad.CreateAsync(shop, cancellationToken);
        if (options.Soak is { } commands)
            await Soak.RunAsync(load, commands, save: !options.Quick, cancellationToken);
        else
            await CompareAsync(shop, load, options, cancellationToken);
    }

    private static async Task CompareAsync(
        ShopProcess shop, OrderLoad load, BenchOptions options, CancellationToken cancellationToken)
    {
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 5 : 6));
        var rounds = options.Quick ? 2 : 5;
        await using var writer = RowWriter.Create(shop, load);
        var service = ShopProcess.ProcessOf("Shop.WriteApi");
        var shopArm = new Arm(load.PlaceAsync, service, shop.Postmaster("orders"));
        var batchArm = new Arm(writer.WriteAsync, Environment.ProcessId, shop.Postmaster("orders"));
        await shopArm.MeasureAsync(callers: 16, WarmUp, cancellationToken);
        await batchArm.MeasureAsync(callers: 16, WarmUp / 2, cancellationToken);

        var report = new Report("commands", "dotnet run -c Release --project bench -- commands");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} rounds of {seconds.TotalSeconds:0} s an arm, median of the rounds (range); ratio = batch ÷ shop by CPU, shop ÷ batch by rate"));
        report.Line();
        report.Header(
            "callers", "arm", "commands/s", "CPU µs a command", "of it the service", "of it the database", "ratio by CPU",
            "ratio by rate", "write API MiB");
        foreach (var callers in (int[])[16, 64])
        {
            var (ours, theirs) = (new List<Round>(), new List<Round>());
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(await shopArm.MeasureAsync(callers, seconds, cancellationToken));
                theirs.Add(await batchArm.MeasureAsync(callers, seconds, cancellationToken));
            }

            Write(report, callers, ours, theirs);
        }

        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static void Write(Report report, int callers, List<Round> ours, List<Round> theirs)
    {
        var pairs = ours.Zip(theirs).ToList();
        report.Row(
            callers, "shop", Summary.Of(ours.Select(round => round.Rate)), Summary.Of(ours.Select(round => round.Cpu)),
            Summary.Of(ours.Select(round => round.Service)), Summary.Of(ours.Select(round => round.Database)),
            Summary.Of(pairs.Select(pair => pair.Second.Cpu / pair.First.Cpu)),
            Summary.Of(pairs.Select(pair => pair.First.Rate / pair.Second.Rate)),
            Summary.Of(ours.Select(round => round.Memory)));
        report.Row(
            callers, "batch", Summary.Of(theirs.Select(round => round.Rate)),
            Summary.Of(theirs.Select(round => round.Cpu)), Summary.Of(theirs.Select(round => round.Service)),
            Summary.Of(theirs.Select(round => round.Database)), "1", "1", "–");
    }

    internal sealed record Arm(Func<Task> Operation, int Worker, int Database)
    {
        public async Task<Round> MeasureAsync(int callers, TimeSpan duration, CancellationToken cancellationToken)
        {
            var (worker, database) = (CpuClock.Of(Worker), CpuClock.OfTree(Database));
            var (count, took) = await ClosedLoop.RunAsync(callers, duration, Operation, cancellationToken);
            return new Round(
                count / took.TotalSeconds,
                (CpuClock.Of(Worker) - worker).TotalMicroseconds / count,
                (CpuClock.OfTree(Database) - database).TotalMicroseconds / count,
                CpuClock.Memory(Worker));
        }
    }

    /// <param name="Service">Processor time of a command in the service or the writing process, in µs.</param>
    internal sealed record Round(double Rate, double Service, double Database, double Memory)
    {
        public double Cpu => Service + Database;
    }
}
