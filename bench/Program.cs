using Shop.Bench;
using Shop.Bench.Commands;
using Shop.Bench.Drain;
using Shop.Bench.Hostile;
using Shop.Bench.Import;
using Shop.Bench.Isolation;
using Shop.Bench.Lag;
using Shop.Bench.Live;
using Shop.Bench.Ranking;
using Shop.Bench.Rebuild;
using Shop.Bench.Scale;
using Shop.Bench.Suggest;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

// Every trace recorded would measure the dashboard. What the caller sets wins.
if (Environment.GetEnvironmentVariable("OTEL_TRACES_SAMPLER") is null)
{
    Environment.SetEnvironmentVariable("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
    Environment.SetEnvironmentVariable("OTEL_TRACES_SAMPLER_ARG", "0.02");
}

switch (args)
{
    case ["lag", .. var options]:
        await LagBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["commands", .. var options]:
        await CommandsBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["drain", .. var options]:
        await DrainBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["streams", .. var options]:
        await StreamsBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["rebuild", .. var options]:
        await RebuildBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["search", .. var options]:
        await ScaleBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["suggest", .. var options]:
        await SuggestBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["ranking", .. var options]:
        await RankingBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["isolation", .. var options]:
        await IsolationBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["hostile", .. var options]:
        await HostileBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["live", .. var options]:
        await LiveBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    case ["import", .. var options]:
        await ImportBenchmark.RunAsync(BenchOptions.Parse(options), stop.Token);
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: dotnet run -c Release --project bench -- NAME [--quick] [OPTION N]…
              commands  placing orders over HTTP, compared with writing the same rows in one batch
              lag       from the response of the write API to a search that finds the order
              drain     the projector processing a backlog in Kafka, compared with a raw bulk of the same documents
              streams   memory of the write API while it streams a million orders
              rebuild   a rebuild under traffic, compared with a raw bulk of the same documents
              search    searches of a large shop, compared with queries on the write tables, and with the ones sent to Elasticsearch
              suggest   suggestions while names of a large shop are typed
              ranking   how well searches rank judged orders, compared with plain BM25 and ts_rank
              isolation placing orders while the read side is searched, compared with searches on the write database
              hostile   searching while others send expensive and nonsensical queries, compared with ordinary ones
              live      processor time of a thousand live streams
              import    importing orders over HTTP, compared with a COPY of the same rows
            options: --rate, --seconds and --rounds (lag), --seconds, --soak and --secure (commands), --events and --rounds (drain, rebuild),
              --orders and --rounds (search, suggest, import, isolation, hostile, live), --orders (ranking)
            """);
        return 2;
}
