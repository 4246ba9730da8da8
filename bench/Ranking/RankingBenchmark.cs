using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Bench.Drain;
using Shop.Bench.Reporting;
using Shop.Bench.Scale;
using Shop.Contracts;
using Shop.ReadModel;
using Shop.ReadModel.Searching;
using Shop.Testing;
using Shop.Testing.Orders;

namespace Shop.Bench.Ranking;

/// <summary>
/// nDCG@10 of judged searches on both stores, beside what a plain full-text index ranks by. The judgements come from a
/// written rule; see <see cref="JudgedSearch"/>.
/// </summary>
internal static class RankingBenchmark
{
    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var orders = new RealisticOrders(options.Orders ?? (options.Quick ? 3_000 : 20_000));
        OrderDocument[] all = [.. orders.All];
        JudgedOrder[] judged = [.. all.Select(order => new JudgedOrder(order))];
        (JudgedSearch Search, Dictionary<Guid, int> Grades)[] searches =
            [.. JudgedSearch.Read(all).Select(search => (search, search.Grades(judged)))];
        List<(string Arm, double[] Figures)> arms = [];

        await using var server = await LocalPostgres.CreateAsync();
        await using var database = NpgsqlDataSource.Create(await server.CreateDatabaseAsync("plain"));
        var plain = new PlainPostgreSql(database);
        await plain.FillAsync(all, cancellationToken);
        foreach (var (arm, ranking) in PlainPostgreSql.Rankings)
            await AddAsync($"PostgreSQL: {arm}", query => plain.FindAsync(query, ranking));
        await AddStoreAsync("PostgreSQL store", new() { ["ConnectionStrings:readdb"] = await server.CreateDatabaseAsync("readdb") });

        if (Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch") is { Length: > 0 } elasticsearch)
        {
            var name = $"bench-{Guid.CreateVersion7():N}";
            using var node = new ElasticsearchNode(elasticsearch);
            try
            {
                using var bm25 = new PlainElasticsearch(elasticsearch, $"{name}-plain");
                await bm25.FillAsync(all);
                await AddAsync("Elasticsearch: BM25 of one text", query => bm25.FindAsync(query, isWeighted: false));
                await AddAsync("Elasticsearch: BM25 with weights for name, address and note", query => bm25.FindAsync(query, isWeighted: true));
                await AddStoreAsync("Elasticsearch store", new() { ["ConnectionStrings:elasticsearch"] = elasticsearch, ["Elasticsearch:Alias"] = name });
            }
            finally
            {
                await node.RemoveAsync(name);
            }
        }

        await Report(orders.Count, searches.Select(search => search.Search.Kind), arms).PublishAsync(save: !options.Quick, cancellationToken);

        async Task AddAsync(string arm, Func<string, Task<IReadOnlyList<Guid>>> find)
        {
            List<double> figures = [];
            foreach (var (search, grades) in searches)
                figures.Add(JudgedSearch.Ndcg(grades, await find(search.Query)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{arm}: {figures.Average():0.000}"));
            arms.Add((arm, [.. figures]));
        }

        async Task AddStoreAsync(string arm, Dictionary<string, string> settings)
        {
            await ScaleStore.FillAsync(orders, settings, cancellationToken);
            var builder = Host.CreateApplicationBuilder();
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Configuration.AddInMemoryCollection(settings!);
            builder.AddReadModel();
            using var host = builder.Build();
            var search = host.Services.GetRequiredService<IOrderSearch>();
            await AddAsync(arm, query => FindAsync(search, query, cancellationToken));
        }
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(IOrderSearch search, string query, CancellationToken cancellationToken)
    {
        var typed = new OrderQuery { Scope = CallerScope.Everything, Text = SearchTextParser.Parse(query, out _), Size = 10 };
        var page = await search.SearchAsync(typed, cancellationToken);
        if (page.Orders.Count == 0 && await new SearchCorrector(search).CorrectAsync(typed, cancellationToken) is { } corrected)
            page = await search.SearchAsync(corrected, cancellationToken);
        return [.. page.Orders.Select(order => order.Document.Id)];
    }

    private static Report Report(int orders, IEnumerable<string> kindOfEach, List<(string Arm, double[] Figures)> arms)
    {
        var report = new Report("ranking", string.Create(
            CultureInfo.InvariantCulture, $"dotnet run -c Release --project bench -- ranking --orders {orders}"));
        var kinds = kindOfEach.ToList();
        report.Line(string.Create(CultureInfo.InvariantCulture, $"{orders:#,0} orders, {kinds.Count} judged searches, mean nDCG@10"));
        report.Line();
        report.Header(["ranking", "all", .. kinds.Distinct()]);
        foreach (var (arm, figures) in arms)
        {
            report.Row([
                arm, Number(figures.Average()),
                .. kinds.Distinct().Select(kind => Number(figures.Where((_, i) => kinds[i] == kind).Average())),
            ]);
        }

        return report;
    }

    private static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
