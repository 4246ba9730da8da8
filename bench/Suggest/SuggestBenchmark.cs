using System.Diagnostics;
using System.Globalization;
using Shop.Bench.Drain;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;
using Shop.Bench.Scale;
using Shop.Bench.Search;
using Shop.Testing;
using Shop.Testing.Orders;

namespace Shop.Bench.Suggest;

/// <summary>
/// Suggestions through the read API while names of a large shop are typed. There is a customer to five orders. Elasticsearch
/// is measured too if one is configured.
/// </summary>
internal static class SuggestBenchmark
{
    private const int Requests = 300;
    private const int Callers = 16;

    private static readonly string[] Settings = ["shared_buffers=1GB", "max_wal_size=8GB", "random_page_cost=1.1"];

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var orders = new RealisticOrders(options.Orders ?? (options.Quick ? 50_000 : 1_000_000));
        var rounds = options.Rounds ?? (options.Quick ? 1 : 3);
        var program = await PublishedService.MakeAsync("Shop.ReadApi", cancellationToken);
        var report = new Report(
            "suggest", $"dotnet run -c Release --project bench -- suggest --orders {orders.Count} --rounds {rounds}");
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{orders.Count:#,0} orders of {orders.Count / 5:#,0} customers, {rounds} rounds of {Requests} requests, one caller, "
            + $"milliseconds, median of the rounds (range); rate = requests a second of {Callers} callers"));
        report.Line();
        report.Header("typed", "store", "p50", "p99", "rate");

        await using (var server = await LocalPostgres.CreateAsync(Settings))
        {
            var database = await server.CreateDatabaseAsync("readdb");
            await MeasureAsync("PostgreSQL", new Dictionary<string, string>
            {
                ["ConnectionStrings__readdb"] = database,
                ["ConnectionStrings__elasticsearch"] = "", // One that the environment names would be used.
            });
        }

        if (Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch") is { Length: > 0 } elasticsearch)
        {
            var alias = $"bench-{Guid.CreateVersion7():N}";
            using var node = new ElasticsearchNode(elasticsearch);
            try
            {
                await MeasureAsync("Elasticsearch", new Dictionary<string, string>
                {
                    ["ConnectionStrings__elasticsearch"] = elasticsearch,
                    ["Elasticsearch__Alias"] = alias,
                });
            }
            finally
            {
                await node.RemoveAsync(alias);
            }
        }

        await report.PublishAsync(save: !options.Quick, cancellationToken);

        async Task MeasureAsync(string name, IReadOnlyDictionary<string, string> store)
        {
            Console.WriteLine($"Loading {name} …");
            await ScaleStore.FillAsync(orders, store, cancellationToken);
            if (store.TryGetValue("ConnectionStrings__readdb", out var database))
                await ScaleSize.VacuumAsync(database, cancellationToken);
            using var api = await ReadApiRun.StartAsync(program, store, cancellationToken);
            foreach (var (typed, texts) in new TypedTexts(orders).Make())
            {
                object[] cells = [typed, name, .. await MeasureTextsAsync(api.Http, texts, rounds, cancellationToken)];
                report.Row(cells);
                Console.WriteLine(string.Join(", ", cells));
            }
        }
    }

    private static async Task<object[]> MeasureTextsAsync(
        HttpClient api, IReadOnlyList<string> texts, int rounds, CancellationToken cancellationToken)
    {
        await RoundAsync(api, texts, cancellationToken);
        List<Latencies> measured = [];
        for (var round = 0; round < rounds; round++)
            measured.Add(await RoundAsync(api, texts, cancellationToken));
        var next = 0;
        var (count, took) = await ClosedLoop.RunAsync(
            Callers, TimeSpan.FromSeconds(2),
            () => AskAsync(api, texts[Interlocked.Increment(ref next) % texts.Count]), cancellationToken);
        return
        [
            Summary.Of(measured.Select(round => round.P50)), Summary.Of(measured.Select(round => round.P99)),
            (count / took.TotalSeconds).ToString("0", CultureInfo.InvariantCulture),
        ];
    }

    private static async Task<Latencies> RoundAsync(
        HttpClient api, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var recorder = new LatencyRecorder();
        for (var i = 0; i < Requests; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var started = Stopwatch.GetTimestamp();
            await AskAsync(api, texts[i % texts.Count]);
            recorder.Record(Stopwatch.GetElapsedTime(started));
        }

        return recorder.Result();
    }

    private static async Task AskAsync(HttpClient api, string text)
    {
        using var response = await api.GetAsync(
            new Uri($"/orders/suggest?limit=8&q={Uri.EscapeDataString(text)}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
