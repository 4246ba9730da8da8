using System.Diagnostics;
using System.Globalization;
using Shop.Bench.Load;
using Shop.Bench.Reporting;

namespace Shop.Bench.Search;

/// <summary>
/// Searches through the read API, beside the same query sent to the same Elasticsearch directly. One caller; the arms
/// take turns request by request.
/// </summary>
internal static class SearchBenchmark
{
    private const int WarmUp = 200;

    private static readonly (string Name, string Path)[] Searches =
    [
        ("newest 20", "/orders/search?size=20"),
        ("a word", "/orders/search?q=keyboard&size=20"),
        ("two words", "/orders/search?q=espresso+berlin&size=20"),
        ("prefix of a word", "/orders/search?q=headph&size=20"),
        ("a word with three facets", "/orders/search?q=lamp&facets=status,category,country&size=20"),
        ("filter, facets and sort", "/orders/search?country=DE&category=Kitchen&facets=status,category&sort=total&size=20"),
    ];

    public static async Task CompareAsync(
        string program, string server, string alias, int orders, BenchOptions options, CancellationToken cancellationToken)
    {
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        var requests = options.Quick ? 100 : 300;
        var recorded = await RecordAsync(program, server, alias, cancellationToken);
        using var direct = new HttpClient { BaseAddress = new(server) };
        using var api = await StartAsync(program, server, alias, cancellationToken);
        List<SearchRow> rows = [];
        for (var i = 0; i < Searches.Length; i++)
        {
            var (name, path) = Searches[i];
            rows.Add(await MeasureAsync(
                name, rounds, requests, () => direct.ReadAsync(recorded[i].ToRequest()),
                () => api.Http.ReadAsync(new(HttpMethod.Get, path)), cancellationToken));
            Console.WriteLine($"{name}: ratio {rows[^1].Ratio}");
        }

        await Report(orders, rounds, requests, rows).PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static Task<ReadApiRun> StartAsync(
        string program, string server, string alias, CancellationToken cancellationToken) =>
        ReadApiRun.StartAsync(
            program,
            new Dictionary<string, string> { ["ConnectionStrings__elasticsearch"] = server, ["Elasticsearch__Alias"] = alias },
            cancellationToken);

    private static async Task<RecordedSearch[]> RecordAsync(
        string program, string server, string alias, CancellationToken cancellationToken)
    {
        await using var proxy = await RecordingProxy.StartAsync(server);
        using var api = await StartAsync(program, proxy.Address, alias, cancellationToken);
        var recorded = new List<RecordedSearch>();
        foreach (var (name, path) in Searches)
        {
            await api.Http.ReadAsync(new(HttpMethod.Get, path));
            recorded.Add(proxy.Last ?? throw new UnreachableException($"'{name}' sent no search to Elasticsearch."));
        }

        return [.. recorded];
    }

    private static async Task<SearchRow> MeasureAsync(
        string name, int rounds, int requests, Func<Task> direct, Func<Task> api, CancellationToken cancellationToken)
    {
        for (var i = 0; i < WarmUp; i++)
        {
            await direct();
            await api();
        }

        List<(Latencies Direct, Latencies Api)> measured = [];
        for (var round = 0; round < rounds; round++)
        {
            var (ofDirect, ofApi) = (new LatencyRecorder(), new LatencyRecorder());
            for (var i = 0; i < requests; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await TimeAsync(direct, ofDirect);
                await TimeAsync(api, ofApi);
            }

            measured.Add((ofDirect.Result(), ofApi.Result()));
        }

        return new(name, measured);
    }

    private static async Task TimeAsync(Func<Task> operation, LatencyRecorder recorder)
    {
        var started = Stopwatch.GetTimestamp();
        await operation();
        recorder.Record(Stopwatch.GetElapsedTime(started));
    }

    private static async Task ReadAsync(this HttpClient http, HttpRequestMessage request)
    {
        using var sent = request;
        using var response = await http.SendAsync(sent);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }

    private static Report Report(int orders, int rounds, int requests, List<SearchRow> rows)
    {
        var report = new Report(
            "search", $"dotnet run -c Release --project bench -- search --orders {orders} --rounds {rounds}");
        var count = orders.ToString("#,0", CultureInfo.InvariantCulture);
        report.Line(
            $"{count} orders, {rounds} rounds of {requests} requests an arm, one caller, milliseconds, median of the "
            + "rounds (range); ratio = read API ÷ direct of its round");
        report.Line();
        report.Header("search", "direct p50", "direct p99", "read API p50", "read API p99", "ratio p50");
        foreach (var row in rows)
        {
            report.Row(
                row.Name,
                Summary.Of(row.Rounds.Select(round => round.Direct.P50)),
                Summary.Of(row.Rounds.Select(round => round.Direct.P99)),
                Summary.Of(row.Rounds.Select(round => round.Api.P50)),
                Summary.Of(row.Rounds.Select(round => round.Api.P99)),
                row.Ratio);
        }

        return report;
    }

    private sealed record SearchRow(string Name, List<(Latencies Direct, Latencies Api)> Rounds)
    {
        public Summary Ratio => Summary.Of(Rounds.Select(round => round.Api.P50 / round.Direct.P50));
    }
}
