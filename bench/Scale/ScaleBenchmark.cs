using System.Globalization;
using Npgsql;
using Shop.Bench.Drain;
using Shop.Bench.Hosting;
using Shop.Bench.Search;
using Shop.Testing;
using Shop.Testing.Orders;

namespace Shop.Bench.Scale;

/// <summary>
/// Searches of a large shop through the read API, beside queries on the tables of the write database, which hold the
/// same orders. The store is Elasticsearch if one is configured, otherwise PostgreSQL, on the control arm's server.
/// </summary>
internal static class ScaleBenchmark
{
    // What a server of this size is given; the same for both arms.
    private static readonly string[] Settings =
    [
        "shared_buffers=1GB", "effective_cache_size=8GB", "maintenance_work_mem=512MB", "work_mem=32MB",
        "max_wal_size=8GB", "checkpoint_timeout=1h", "random_page_cost=1.1", "autovacuum=off",
    ];

    public static async Task RunAsync(BenchOptions options, CancellationToken cancellationToken)
    {
        var elasticsearch = Environment.GetEnvironmentVariable("ConnectionStrings__elasticsearch") ?? "";
        var orders = new RealisticOrders(options.Orders ?? (options.Quick ? 50_000 : 1_000_000));
        var rounds = options.Rounds ?? (options.Quick ? 1 : 3);
        var program = await PublishedService.MakeAsync("Shop.ReadApi", cancellationToken);
        await using var server = await LocalPostgres.CreateAsync(Settings);
        var writeTables = $"{await server.CreateDatabaseAsync("orders_write")};Max Auto Prepare=50;Maximum Pool Size=20";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loading {orders.Count:#,0} orders into the tables of the write database …"));
        var copied = await WriteSchema.FillAsync(writeTables, orders, cancellationToken);

        var alias = $"bench-{Guid.CreateVersion7():N}";
        var readdb = elasticsearch.Length > 0 ? null : await server.CreateDatabaseAsync("readdb");
        Dictionary<string, string> store = readdb is null
            ? new() { ["ConnectionStrings__elasticsearch"] = elasticsearch, ["Elasticsearch__Alias"] = alias }
            : new() { ["ConnectionStrings__readdb"] = readdb };
        using var node = elasticsearch.Length > 0 ? new ElasticsearchNode(elasticsearch) : null;
        try
        {
            Console.WriteLine("Loading the read store …");
            var filled = await ScaleStore.FillAsync(orders, store, cancellationToken);
            if (readdb is null)
            {
                await SearchBenchmark.CompareAsync(program, elasticsearch, alias, orders.Count, options, cancellationToken);
            }
            else
            {
                await ScaleSize.VacuumAsync(readdb, cancellationToken);
                await server.StopAsync();
                await server.StartAsync();
            }

            await using var write = NpgsqlDataSource.Create(writeTables);
            using var api = await ReadApiRun.StartAsync(program, store, cancellationToken);
            var meter = new ScaleMeter(api.Http, rounds, TimeSpan.FromSeconds(options.Quick ? 1 : 4));
            List<ScaleRow> rows = [];
            foreach (var measured in await new ScaleCases(orders, write, api.Http).MakeAsync())
                rows.Add(await meter.MeasureAsync(measured, cancellationToken));
            var sizes = new ScaleSizes(
                node is null ? await ScaleSize.ReadAsync(readdb!, cancellationToken) : new(await node.SizeAsync(alias), 0),
                await ScaleSize.ReadAsync(writeTables, cancellationToken), filled, copied, api.Memory);
            var name = readdb is null ? "elasticsearch" : "postgresql";
            await ScaleReport.PublishAsync(name, orders.Count, rounds, rows, sizes, save: !options.Quick, cancellationToken);
        }
        finally
        {
            if (node is not null)
                await node.RemoveAsync(alias);
        }
    }
}
