using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Rebuild;

/// <summary>
/// Compares a rebuild, including its cutover, while orders are placed and read, with a raw bulk of the same prepared
/// documents into empty indexes or tables on the same server, with the same traffic and without. The store is
/// Elasticsearch if one is configured, otherwise PostgreSQL.
/// </summary>
internal static class RebuildBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var elasticsearch = Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch");
        var store = string.IsNullOrEmpty(elasticsearch) ? "PostgreSQL" : "Elasticsearch";
        var orders = options.Events ?? (options.Quick ? 10_000 : 40_000);
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        await HostBuild.RunAsync(cancellationToken);
        Console.WriteLine($"Starting the shop on {store} with {orders} orders …");
        await using var shop = await ShopProcess.StartAsync("--orders", $"{orders}");
        await RebuildArm.WaitUntilFilledAsync(shop, orders, cancellationToken);
        var load = await OrderLoad.CreateAsync(shop, cancellationToken);
        await using var raw = string.IsNullOrEmpty(elasticsearch)
            ? await RawPostgreSql.CreateAsync(shop)
            : await RawElasticsearch.CreateAsync(shop, elasticsearch);
        var arms = await ArmsAsync(rounds, shop, load, raw, cancellationToken);
        await Report(store, orders, arms).PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task<List<RebuildRound[]>> ArmsAsync(
        int rounds, ShopProcess shop, OrderLoad load, IRawBulk raw, CancellationToken cancellationToken)
    {
        List<RebuildRound[]> arms = [];
        for (var round = 0; round <= rounds; round++)
        {
            RebuildRound[] measured =
            [
                await RebuildArm.MeasureAsync(() => RebuildArm.RebuildAsync(shop, cancellationToken), new(shop, load)),
                await RebuildArm.MeasureAsync(() => raw.WriteAsync(cancellationToken), new(shop, load)),
                await RebuildArm.MeasureAsync(() => raw.WriteAsync(cancellationToken), traffic: null),
            ];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: rebuild {measured[0].Rate:#,0}/s, raw bulk {measured[1].Rate:#,0}/s, "
                + $"without traffic {measured[2].Rate:#,0}/s, failed reads {measured[0].FailedReads}"));
            if (round > 0)
                arms.Add(measured); // The first has compiled everything and filled the caches.
        }

        return arms;
    }

    private static Report Report(string store, int orders, List<RebuildRound[]> rounds)
    {
        var name = store == "PostgreSQL" ? "rebuild-postgresql" : "rebuild-elasticsearch";
        var report = new Report(
            name, $"dotnet run -c Release --project bench -- rebuild --events {orders} --rounds {rounds.Count}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{store}, {orders:#,0} orders, {rounds.Count} rounds, median (range); ratio = rebuild ÷ this arm"));
        report.Line();
        report.Header("arm", "orders/s", "ratio", "CPU µs an order, whole machine", "reads", "failed reads");
        string[] names = ["rebuild, traffic", "raw bulk, traffic", "raw bulk, no traffic"];
        for (var i = 0; i < names.Length; i++)
        {
            var arm = rounds.ConvertAll(round => round[i]);
            object ratio = i == 0 ? "1" : Summary.Of(rounds.Select(round => round[0].Rate / round[i].Rate));
            report.Row(
                names[i], Summary.Of(arm.Select(round => round.Rate)), ratio,
                Summary.Of(arm.Select(round => round.Cpu)),
                arm.Sum(round => round.Reads), arm.Sum(round => round.FailedReads));
        }

        return report;
    }
}

/// <param name="Rate">Orders a second.</param>
/// <param name="Cpu">Microseconds an order, of everything that ran on the machine.</param>
internal sealed record RebuildRound(double Rate, double Cpu, long Reads, long FailedReads);
