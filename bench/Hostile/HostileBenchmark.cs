using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Shop.Bench.Drain;
using Shop.Bench.Hosting;
using Shop.Bench.Load;
using Shop.Bench.Reporting;
using Shop.Bench.Scale;
using Shop.Bench.Search;
using Shop.Testing;
using Shop.Testing.Orders;
using Shop.Testing.Requests;

namespace Shop.Bench.Hostile;

/// <summary>
/// What generated queries to all routes of the read API, many of them expensive or nonsense, cost other callers, beside
/// the same number of ordinary searches. The store is Elasticsearch if one is configured, otherwise PostgreSQL.
/// </summary>
internal static class HostileBenchmark
{
    public const int OrdinaryPerSecond = 40;
    public const int GeneratedPerSecond = 20;
    private static readonly string[] Arms =
        ["no others", "others search", "others send generated queries, but no exports", "others send generated queries"];

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var orders = new RealisticOrders(options.Orders ?? (options.Quick ? 20_000 : 100_000));
        var rounds = options.Rounds ?? (options.Quick ? 1 : 3);
        var duration = TimeSpan.FromSeconds(options.Seconds ?? (options.Quick ? 5 : 15));
        var program = await PublishedService.MakeAsync("Shop.ReadApi", cancellationToken);
        await using var server = await LocalPostgres.CreateAsync(["shared_buffers=1GB", "max_wal_size=8GB"]);
        var elasticsearch = Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch") ?? "";
        var alias = $"bench-{Guid.CreateVersion7():N}";
        Dictionary<string, string> store = elasticsearch.Length > 0
            ? new() { ["ConnectionStrings__elasticsearch"] = elasticsearch, ["Elasticsearch__Alias"] = alias }
            : new() { ["ConnectionStrings__readdb"] = await server.CreateDatabaseAsync("readdb") };
        using var node = elasticsearch.Length > 0 ? new ElasticsearchNode(elasticsearch) : null;
        try
        {
            Console.WriteLine("Loading the read store …");
            await ScaleStore.FillAsync(orders, store, cancellationToken);
            if (node is null)
                await ScaleSize.VacuumAsync(store["ConnectionStrings__readdb"], cancellationToken);
            using var api = await ReadApiRun.StartAsync(program, store, cancellationToken);
            var openApi = await api.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), cancellationToken);
            // Compiling the code of each route is not measured.
            await new HostileCallers(api.Http, orders, openApi).MeasureAsync(Arms.Length - 1, duration, cancellationToken);
            var callers = new HostileCallers(api.Http, orders, openApi);
            List<Latencies[]> measured = [];
            for (var round = 0; round < rounds; round++)
            {
                var of = new Latencies[Arms.Length];
                for (var arm = 0; arm < Arms.Length; arm++)
                    of[arm] = await callers.MeasureAsync(arm, duration, cancellationToken);
                measured.Add(of);
                Console.WriteLine($"p99 {string.Join(", ", of.Select(arm => $"{arm.P99} ms"))}");
            }

            await Report(node is null ? "postgresql" : "elasticsearch", orders.Count, measured, callers)
                .PublishAsync(save: !options.Quick, cancellationToken);
        }
        finally
        {
            if (node is not null)
                await node.RemoveAsync(alias);
        }
    }

    private static Report Report(string store, int orders, List<Latencies[]> rounds, HostileCallers callers)
    {
        var report = new Report($"hostile-{store}-{orders}", string.Create(
            CultureInfo.InvariantCulture,
            $"dotnet run -c Release --project bench -- hostile --orders {orders} --rounds {rounds.Count}"));
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"{orders:#,0} orders, {OrdinaryPerSecond} searches a second are measured while others send {GeneratedPerSecond} requests "
            + $"a second, {rounds.Count} rounds an arm, milliseconds, median of the rounds (range); cost = p99 ÷ p99 without others in "
            + $"the same round"));
        report.Line();
        report.Header("arm", "p50", "p99", "cost");
        for (var arm = 0; arm < Arms.Length; arm++)
            report.Row(
                Arms[arm], Summary.Of(rounds.Select(round => round[arm].P50)), Summary.Of(rounds.Select(round => round[arm].P99)),
                Summary.Of(rounds.Select(round => round[arm].P99 / round[0].P99)));
        report.Line();
        report.Line(callers.Describe());
        return report;
    }
}

/// <summary>Callers whose searches are measured, and others beside them.</summary>
internal sealed class HostileCallers(HttpClient api, RealisticOrders orders, string openApi)
{
    private const string Export = "/orders/export";
    private const string Live = "/orders/live";
    private const string Wait = "waitFor=";

    private readonly Random _random = new(11);
    private readonly GeneratedQueries _generated = new(JsonElement.Parse(openApi), seed: 11);
    private readonly LatencyRecorder _answers = new();
    private readonly ConcurrentDictionary<int, int> _statuses = new();
    private (double Milliseconds, string Url) _slowest;

    /// <param name="others">The arm: there are none, they search, or they send generated queries without or with exports.</param>
    public async Task<Latencies> MeasureAsync(int others, TimeSpan duration, CancellationToken cancellationToken)
    {
        var measured = new LatencyRecorder();
        var beside = others == 0 ? Task.CompletedTask : OpenLoop.RunAsync(
            HostileBenchmark.GeneratedPerSecond, duration, _ => others == 1 ? SearchAsync() : GeneratedAsync(withExports: others == 3),
            cancellationToken);
        await OpenLoop.RunAsync(
            HostileBenchmark.OrdinaryPerSecond, duration,
            async due =>
            {
                await SearchAsync();
                measured.Record(Stopwatch.GetElapsedTime(due));
            },
            cancellationToken);
        await beside;
        return measured.Result();
    }

    /// <returns>How the generated queries were answered.</returns>
    public string Describe()
    {
        var statuses = _statuses.OrderBy(status => status.Key).Select(status => $"{status.Key}: {status.Value}");
        var answers = _answers.Result();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Responses to the generated queries by status: {string.Join(", ", statuses)}. p50 {answers.P50:0.0} ms, "
            + $"p99 {answers.P99:0.0} ms, of streams until they start. The slowest took {_slowest.Milliseconds:0} ms: "
            + $"`{_slowest.Url}`.");
    }

    private async Task SearchAsync()
    {
        var word = orders.AnyWord(_random);
        using var response = await api.GetAsync(
            new Uri($"/orders/search?size=20&q={Uri.EscapeDataString(word)}", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private async Task GeneratedAsync(bool withExports)
    {
        // A request that awaits a version takes up to 2 s and is then 503, as documented.
        var (route, url) = _generated.Next();
        while ((route == Export && !withExports) || url.Contains(Wait, StringComparison.Ordinal))
            (route, url) = _generated.Next();
        var started = Stopwatch.GetTimestamp();
        using var response = await api.GetAsync(new Uri(url, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        // The duration of an export depends on its size, and a live stream does not end. Of both, the time until the
        // response starts is measured.
        var began = Stopwatch.GetElapsedTime(started);
        // An export is not kept in memory: collecting it would delay the searches of this process.
        if (route != Live)
            await response.Content.CopyToAsync(Stream.Null);
        var took = route is Export or Live ? began : Stopwatch.GetElapsedTime(started);
        _answers.Record(took);
        _statuses.AddOrUpdate((int)response.StatusCode, 1, (_, count) => count + 1);
        if (took.TotalMilliseconds > _slowest.Milliseconds)
            _slowest = (took.TotalMilliseconds, url.Length > 200 ? $"{url[..200]}…" : url);
    }
}
