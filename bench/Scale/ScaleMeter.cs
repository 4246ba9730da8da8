using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Shop.Bench.Load;

namespace Shop.Bench.Scale;

/// <summary>Measures both arms of a case: request by request in turns, and then each with many callers.</summary>
internal sealed class ScaleMeter(HttpClient api, int rounds, TimeSpan budget)
{
    private const int Callers = 16;
    private const int MaxRequests = 300;
    private const int ColdRequests = 10;

    public async Task<ScaleRow> MeasureAsync(ScaleCase measured, CancellationToken cancellationToken)
    {
        // Nothing has asked for these words since the servers started.
        var cold = await RoundAsync(measured, 0, Math.Min(ColdRequests, measured.Requests.Count), TimeSpan.MaxValue, cancellationToken);
        await RoundAsync(measured, 0, MaxRequests, budget, cancellationToken);
        List<(Latencies Api, Latencies Direct)> warm = [];
        for (var round = 0; round < rounds; round++)
            warm.Add(await RoundAsync(measured, round * 7, MaxRequests, budget, cancellationToken));
        var row = new ScaleRow(
            measured.Name, cold, warm,
            await RateAsync(measured, request => AskAsync(request.Path), cancellationToken),
            await RateAsync(measured, request => request.Direct(), cancellationToken));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{row.Name}: {row.Api(l => l.P50)} against {row.Direct(l => l.P50)} ms, p99 {row.Api(l => l.P99)} against {row.Direct(l => l.P99)}, {row.ApiRate:0} against {row.DirectRate:0}/s"));
        return row;
    }

    /// <summary>Each request is sent on both arms, until there are enough or their time is up.</summary>
    private async Task<(Latencies Api, Latencies Direct)> RoundAsync(
        ScaleCase measured, int first, int count, TimeSpan time, CancellationToken cancellationToken)
    {
        var (ofApi, ofDirect) = (new LatencyRecorder(), new LatencyRecorder());
        var watch = Stopwatch.StartNew();
        for (var i = first; i < first + count && (watch.Elapsed < time || i < first + 3); i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (path, direct) = measured.Requests[i % measured.Requests.Count];
            await TimeAsync(() => AskAsync(path), ofApi);
            await TimeAsync(direct, ofDirect);
        }

        return (ofApi.Result(), ofDirect.Result());
    }

    private async Task<double> RateAsync(
        ScaleCase measured, Func<(string Path, Func<Task> Direct), Task> send, CancellationToken cancellationToken)
    {
        var (next, failed) = (0, 0);
        var (count, took) = await ClosedLoop.RunAsync(Callers, budget / 2, SendAsync, cancellationToken);
        if (failed > 0)
            Console.WriteLine($"{measured.Name}: {failed} of {count} requests of {Callers} callers failed");
        return (count - failed) / took.TotalSeconds;

        async Task SendAsync()
        {
            try
            {
                await send(measured.Requests[Interlocked.Increment(ref next) % measured.Requests.Count]);
            }
            catch (Exception exception) when (exception is InvalidOperationException or NpgsqlException)
            {
                Interlocked.Increment(ref failed); // More than a server can answer in time.
            }
        }
    }

    private async Task AskAsync(string path)
    {
        using var response = await api.GetAsync(new Uri(path, UriKind.Relative));
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{path}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        await response.Content.ReadAsByteArrayAsync();
    }

    private static async Task TimeAsync(Func<Task> operation, LatencyRecorder recorder)
    {
        var started = Stopwatch.GetTimestamp();
        await operation();
        recorder.Record(Stopwatch.GetElapsedTime(started));
    }
}

/// <param name="Cold">The first requests of the case.</param>
/// <param name="ApiRate">Requests a second of sixteen callers.</param>
internal sealed record ScaleRow(
    string Name, (Latencies Api, Latencies Direct) Cold, List<(Latencies Api, Latencies Direct)> Rounds, double ApiRate, double DirectRate)
{
    public double Api(Func<Latencies, double> figure) => Reporting.Summary.Of(Rounds.Select(round => figure(round.Api))).Median;

    public double Direct(Func<Latencies, double> figure) => Reporting.Summary.Of(Rounds.Select(round => figure(round.Direct))).Median;

    public Reporting.Summary ApiRange(Func<Latencies, double> figure) => Reporting.Summary.Of(Rounds.Select(round => figure(round.Api)));

    public double Ratio(Func<Latencies, double> figure) => Direct(figure) / Api(figure);
}
