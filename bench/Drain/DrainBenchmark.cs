using System.Diagnostics;
using System.Globalization;
using Shop.Bench.Hosting;
using Shop.Bench.Reporting;

namespace Shop.Bench.Drain;

/// <summary>
/// Compares a projector that processes a backlog in Kafka with a raw bulk of the same documents into an index with the
/// same mapping on the same Elasticsearch. The arms take turns.
/// </summary>
internal static class DrainBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var servers = DrainServers.FromEnvironment();
        var events = options.Events ?? (options.Quick ? 50_000 : 200_000);
        var rounds = options.Rounds ?? (options.Quick ? 2 : 5);
        var program = await PublishedService.MakeAsync("Shop.Projector", cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Publishing {events:#,0} events …"));
        using var node = new ElasticsearchNode(servers.Elasticsearch);
        await using var backlog = new Backlog(servers.Kafka);
        await backlog.FillAsync(events, cancellationToken);

        List<DrainRound> ours = [];
        List<DrainRound> raw = [];
        for (var round = 1; round <= rounds; round++)
        {
            var alias = $"bench-{Guid.CreateVersion7():N}";
            ours.Add(await ProjectAsync(program, servers, node, backlog, alias, cancellationToken));
            raw.Add(await new RawBulk(node, backlog, alias).RunAsync(cancellationToken));
            await node.RemoveAsync(alias);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: projector {ours[^1].Rate:#,0}/s, raw bulk {raw[^1].Rate:#,0}/s, "
                + $"projector's memory {ours[^1].Memory:0} MiB"));
        }

        await Report(events, ours, raw).PublishAsync(save: !options.Quick, cancellationToken);
    }

    private static async Task<DrainRound> ProjectAsync(
        string program, DrainServers servers, ElasticsearchNode node, Backlog backlog, string alias,
        CancellationToken cancellationToken)
    {
        using var projector = ProjectorRun.Start(program, servers, backlog.Topic, alias);
        var round = await projector.DrainAsync(backlog.Events, node.CpuAsync, cancellationToken);
        return await node.CountAsync(alias) == backlog.Events
            ? round
            : throw new UnreachableException("Documents are missing in the projector's index.");
    }

    private static Report Report(int events, List<DrainRound> ours, List<DrainRound> raw)
    {
        var report = new Report(
            "drain", $"dotnet run -c Release --project bench -- drain --events {events} --rounds {ours.Count}");
        report.Line(string.Create(CultureInfo.InvariantCulture,
            $"{events:#,0} events, {ours.Count} rounds, median (range); ratio = projector ÷ raw bulk of its round"));
        report.Line();
        report.Header(
            "arm", "events/s", "ratio", "CPU µs an event", "Elasticsearch's CPU µs an event", "peak MiB");
        var ratios = Summary.Of(ours.Zip(raw, (our, their) => our.Rate / their.Rate));
        Write(report, "projector", ratios, ours);
        Write(report, "raw bulk", 1, raw);
        return report;
    }

    private static void Write(Report report, string arm, object ratio, List<DrainRound> rounds) => report.Row(
        arm,
        Summary.Of(rounds.Select(round => round.Rate)),
        ratio,
        Summary.Of(rounds.Select(round => round.ClientCpu)),
        Summary.Of(rounds.Select(round => round.ServerCpu)),
        Summary.Of(rounds.Select(round => round.Memory)));
}
