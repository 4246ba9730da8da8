using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Commands;

/// <summary>
/// Compares placing orders with a token of the sign-in with placing them as the developer, without one. Both arms use the
/// same processes, in turns.
/// </summary>
internal static class SecureCommands
{
    private const int Callers = 16;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        Console.WriteLine("Building and starting the shop with its sign-in …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync(
            "--orders", "0", "--secure", "--Authentication:DeveloperIdentity=true");
        var plain = await OrderLoad.CreateAsync(shop, cancellationToken);
        var secured = plain.With(await shop.TokenAsync(plain.CustomerId));
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 5 : 10));
        var rounds = options.Rounds ?? (options.Quick ? 2 : 9);
        var (service, database) = (ShopProcess.ProcessOf("Shop.WriteApi"), shop.Postmaster("orders"));
        var without = new CommandsBenchmark.Arm(plain.PlaceAsync, service, database);
        var with = new CommandsBenchmark.Arm(secured.PlaceAsync, service, database);
        await without.MeasureAsync(Callers, WarmUp / 2, cancellationToken);
        await with.MeasureAsync(Callers, WarmUp / 2, cancellationToken);

        var (ours, theirs) = (new List<CommandsBenchmark.Round>(), new List<CommandsBenchmark.Round>());
        for (var round = 0; round < rounds; round++)
        {
            theirs.Add(await without.MeasureAsync(Callers, seconds, cancellationToken));
            ours.Add(await with.MeasureAsync(Callers, seconds, cancellationToken));
        }

        var report = new Report("commands-secure", "dotnet run -c Release --project bench -- commands --secure");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{rounds} rounds of {seconds.TotalSeconds:0} s an arm, {Callers} callers, median of the rounds (range); ratio by CPU to the arm without tokens"));
        report.Line();
        report.Header("arm", "commands/s", "CPU µs a command", "of it the service", "ratio by CPU");
        Write(report, "without tokens", theirs, theirs);
        Write(report, "with tokens", ours, theirs);
        await report.PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static void Write(
        Report report, string arm, List<CommandsBenchmark.Round> rounds, List<CommandsBenchmark.Round> others) =>
        report.Row(
            arm, Summary.Of(rounds.Select(round => round.Rate)), Summary.Of(rounds.Select(round => round.Cpu)),
            Summary.Of(rounds.Select(round => round.Service)),
            Summary.Of(rounds.Zip(others).Select(pair => pair.First.Cpu / pair.Second.Cpu)));
}
