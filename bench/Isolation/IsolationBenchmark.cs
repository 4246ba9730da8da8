using System.Globalization;
using Npgsql;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Rebuild;
using Shop.Bench.Reporting;
using Shop.Bench.Scale;

namespace Shop.Bench.Isolation;

/// <summary>
/// What searches cost those who place orders: the same searches on the read side, and as queries on the tables of the
/// write database, beside no searches at all. The arms take turns. Each side has a core of its own, as on machines of their
/// own; in the last arm the write database has both.
/// </summary>
internal static class IsolationBenchmark
{
    private const int SearchesPerSecond = 10;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    // The host has Kafka in its process.
    private static readonly string[] ReadSide = ["Shop.ReadApi", "Shop.Projector", "Shop.AppHost"];

    private static readonly string[] Words =
        ["lamp", "desk", "wireless", "coffee", "oak", "set", "cable", "leather", "light", "bamboo", "steel", "compact"];

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var orders = options.Orders ?? (options.Quick ? 20_000 : 100_000);
        var rate = options.Rate ?? 200;
        var rounds = options.Rounds ?? (options.Quick ? 1 : 5);
        var seconds = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 8 : 15));
        Console.WriteLine("Building and starting the shop …");
        await HostBuild.RunAsync(cancellationToken);
        await using var shop = await ShopProcess.StartAsync("--orders", $"{orders}");
        await RebuildArm.WaitUntilFilledAsync(shop, orders, cancellationToken);
        await using var database = NpgsqlDataSource.Create($"{shop.ConnectionString("orders")};Max Auto Prepare=20");
        await WriteSchema.AddSearchAsync(database, cancellationToken);
        var load = await OrderLoad.CreateAsync(shop, cancellationToken);
        (string Name, string WriteCores, Func<string, Task>? Search)[] arms =
        [
            ("no searches", "0", null),
            ("searches on the read side", "0", word => ReadAsync(shop, word)),
            ("searches on the write database", "0", SearchWriteTablesAsync),
            ("searches on the write database, with both cores", "0,1", SearchWriteTablesAsync),
        ];
        foreach (var process in (int[])[shop.Postmaster("readdb"), .. ReadSide.Select(ShopProcess.ProcessOf)])
            Cores.Pin(process, "1");
        Cores.Pin(Environment.ProcessId, "0");

        List<IsolationRound[]> measured = [];
        foreach (var arm in arms)
        {
            PinWriteSide(shop, arm.WriteCores);
            await MeasureAsync(rate / 2, WarmUp / 3, load, arm.Search, cancellationToken);
        }

        PinWriteSide(shop, "0");
        await MeasureAsync(rate, WarmUp, load, null, cancellationToken);
        for (var round = 1; round <= rounds; round++)
        {
            List<IsolationRound> of = [];
            foreach (var arm in arms)
            {
                PinWriteSide(shop, arm.WriteCores);
                of.Add(await MeasureAsync(rate, seconds, load, arm.Search, cancellationToken));
            }

            measured.Add([.. of]);
            Console.WriteLine($"round {round}: write p99 {string.Join(", ", of.Select(arm => arm.Writes.P99.ToString("0.0", CultureInfo.InvariantCulture)))} ms");
        }

        await Report(orders, rate, seconds, [.. arms.Select(arm => arm.Name)], measured).PublishAsync(save: !options.Quick, cancellationToken);

        Task SearchWriteTablesAsync(string word) => WriteQueries.RunAsync(database, WriteQueries.WordWithFacets, word);
    }

    private static void PinWriteSide(ShopProcess shop, string cores)
    {
        Cores.Pin(shop.Postmaster("orders"), cores);
        Cores.Pin(ShopProcess.ProcessOf("Shop.WriteApi"), cores);
    }

    private static async Task<IsolationRound> MeasureAsync(
        int rate, TimeSpan duration, OrderLoad load, Func<string, Task>? search, CancellationToken cancellationToken)
    {
        var (writes, searches, next) = (new LatencyRecorder(), new LatencyRecorder(), 0);
        var searching = search is null ? Task.CompletedTask : OpenLoop.RunAsync(
            SearchesPerSecond, duration,
            due => RecordAsync(due, () => search(Words[Interlocked.Increment(ref next) % Words.Length]), searches),
            cancellationToken);
        await OpenLoop.RunAsync(rate, duration, due => RecordAsync(due, load.PlaceAsync, writes), cancellationToken);
        await searching;
        return new(writes.Result(), search is null ? new(0, 0, 0, 0) : searches.Result());
    }

    private static async Task RecordAsync(long due, Func<Task> operation, LatencyRecorder recorder)
    {
        await operation();
        recorder.Record(System.Diagnostics.Stopwatch.GetElapsedTime(due));
    }

    private static async Task ReadAsync(ShopProcess shop, string word)
    {
        using var response = await shop.ReadApi.GetAsync(
            new Uri($"/orders/search?q={word}&facets=status,category,country&size=20", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static Report Report(int orders, int rate, TimeSpan seconds, string[] arms, List<IsolationRound[]> rounds)
    {
        var report = new Report("isolation", string.Create(
            CultureInfo.InvariantCulture, $"dotnet run -c Release --project bench -- isolation --orders {orders} --rounds {rounds.Count}"));
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{orders:#,0} orders; {rate} orders/s are placed and {SearchesPerSecond} searches/s with three facets are made; one core for the load and the write side, one for the rest; {rounds.Count} rounds of {seconds.TotalSeconds:0} s an arm, milliseconds, median of the rounds (range); cost = p99 ÷ p99 without searches in the same round"));
        report.Line();
        report.Header("arm", "place p50", "place p99", "cost", "search p50", "search p99");
        for (var i = 0; i < arms.Length; i++)
        {
            var arm = rounds.ConvertAll(round => round[i]);
            report.Row(
                arms[i], Summary.Of(arm.Select(round => round.Writes.P50)), Summary.Of(arm.Select(round => round.Writes.P99)),
                Summary.Of(rounds.Select(round => round[i].Writes.P99 / round[0].Writes.P99)),
                i == 0 ? "–" : Summary.Of(arm.Select(round => round.Searches.P50)),
                i == 0 ? "–" : Summary.Of(arm.Select(round => round.Searches.P99)));
        }

        if (Summary.Of(rounds.Select(round => round[2].Writes.P99 / round[0].Writes.P99)).Median < 2)
        {
            report.Line();
            report.Line("The same searches on the write database cost less than twice, so this run shows nothing.");
        }

        return report;
    }

    private sealed record IsolationRound(Latencies Writes, Latencies Searches);
}
