using System.Globalization;
using Npgsql;
using Shop.Bench.Hosting;
using Shop.Bench.Reporting;

namespace Shop.Bench.Import;

/// <summary>
/// Compares an import over HTTP, from the first byte until all orders are searchable, with a COPY of the same rows into
/// the same tables, after which relay and projector work as well. The arms take turns.
/// </summary>
internal static class ImportBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var orders = options.Orders ?? (options.Quick ? 20_000 : 100_000);
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        // The events of imported orders have the orders' own times. They would be pruned before the control arm reads them.
        Environment.SetEnvironmentVariable("Relay__PruneInterval", "1.00:00:00");
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", "0");
        shop.WriteApi.Timeout = Timeout.InfiniteTimeSpan;
        await using var database = NpgsqlDataSource.Create(shop.ConnectionString("orders"));
        var (meter, copy) = (new ImportMeter(shop), new RowCopy(database));

        // The rows that this import writes are what the control arm copies. It is the warm-up too.
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Importing {orders:#,0} orders to warm up …"));
        using var source = new ImportFile(orders, "source");
        await source.SendAsync(shop.WriteApi, cancellationToken);
        var (ours, theirs) = (new List<ImportRound>(), new List<ImportRound>());
        for (var round = 1; round <= rounds; round++)
        {
            using var file = new ImportFile(orders, $"round{round}");
            ours.Add(await meter.MeasureAsync(
                orders, () => file.SendAsync(shop.WriteApi, cancellationToken), cancellationToken));
            var rows = await copy.PrepareAsync($"C{round}", cancellationToken);
            theirs.Add(await meter.MeasureAsync(rows, () => copy.WriteAsync(cancellationToken), cancellationToken));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: import {ours[^1].Rate:#,0}/s, COPY {theirs[^1].Rate:#,0}/s"));
        }

        await Report(orders, source.Megabytes, ours, theirs).PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static Report Report(int orders, double megabytes, List<ImportRound> ours, List<ImportRound> theirs)
    {
        var report = new Report("import", string.Create(CultureInfo.InvariantCulture,
            $"dotnet run -c Release --project bench -- import --orders {orders} --rounds {ours.Count}"));
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{orders:#,0} orders ({megabytes:0} MB), {ours.Count} rounds, median of the rounds (range); ratio = import ÷ COPY of its round; CPU in µs an order"));
        report.Line();
        report.Header(
            "arm", "orders/s", "ratio", "orders/s until searchable", "write API CPU", "write database CPU",
            "projector and read store CPU", "whole machine CPU", "write API peak MiB");
        var ratios = Summary.Of(ours.Zip(theirs, (our, their) => our.Rate / their.Rate));
        Write(report, "import", ratios, ours);
        Write(report, "COPY", 1, theirs);
        return report;
    }

    private static void Write(Report report, string arm, object ratio, List<ImportRound> rounds) => report.Row(
        arm, Summary.Of(rounds.Select(round => round.Rate)), ratio,
        Summary.Of(rounds.Select(round => round.SearchableRate)), Summary.Of(rounds.Select(round => round.WriteApi)),
        Summary.Of(rounds.Select(round => round.Database)), Summary.Of(rounds.Select(round => round.ReadSide)),
        Summary.Of(rounds.Select(round => round.Machine)), Summary.Of(rounds.Select(round => round.Memory)));
}
